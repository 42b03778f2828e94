"""Any input to what Telegram accepts, and every sentence the product says."""
