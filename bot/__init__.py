"""What Visnyk does: publishing, choosing readers, delivering, finding what is related."""

from bot.lazy_models import put_off_building

__version__ = "0.1.0"

put_off_building()  # whoever imports aiogram has imported something of this package before
