### Сторінки для всіх у мережі.

site-open = Читати в Telegram
site-feed = Стрічка RSS
site-missing = Такої новини тут немає
