"""What a person sees: the main window and its parts.  Shows state, and says by signals what was pressed."""
