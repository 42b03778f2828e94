"""What Visnyk does: publishing, choosing readers, delivering, finding what is related."""

__version__ = "0.1.0"
