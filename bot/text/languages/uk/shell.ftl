### Командний рядок: як його викликають, і чому він не може того, про що просять.

args-usage = виклик:
args-positional = аргументи
args-options = параметри
args-help = показати цю довідку
args-version = показати версію

args-missing = Бракує аргументів: { $names }
args-unknown = Невідомі аргументи: { $names }
args-choice = { $name }: { $value } не підходить; можна: { $choices }
args-number = { $name }: { $value } не є числом
args-value-missing = { $name }: бракує значення
args-value-needless = { $name }: значення { $value } тут зайве
args-ambiguous = { $name } може означати різне: { $choices }
args-count = { $name }: потрібне число від 1 до 200
args-port = { $name }: потрібне число від 0 до 65535
args-speed = { $name }: потрібне число, більше за 0
args-wrong = Команду викликано не так; як саме треба, покаже { $command }.

args-visnyk = Вісник: редакція в Telegram.
args-run = запустити бота (налаштування: README)
args-role = що робить цей процес: розмовляє з людьми (web), надсилає (sender) чи й те, й те (all); кілька процесів потребують PostgreSQL (типово: %(default)s)
args-setup = налаштувати бота, запитання за запитанням: токен, назва, мова; записує .env
args-offer = лише якщо токена немає, а людина біля термінала погодиться (make run)
args-alive = сказати кодом завершення, чи живий процес за адресою HTTP_BIND
args-ready = чи може він працювати, а якщо ні, то чому
args-demo = показати весь продукт на цій машині, без Telegram
args-demo-port = де буде сторінка (типово: %(default)s)
args-terminal = у цьому терміналі, а не на сторінці
args-demo-language = чий це термінал (типово: %(default)s)
args-demo-speed = як швидко йде годинник (типово: %(default)s)
args-import = узяти новини з файлів: RSS, Atom, JSON, CSV, Telegram; docs/IMPORT.md
args-files = файл, тека з файлами або «-» для стандартного вводу
args-push = ще й надіслати взяте читачам (типово: лише в архів)
args-update = узяти й те, що відтоді змінилося (типово: про це лише сказати)
args-zone = часовий пояс для дат без нього (типово: TIMEZONE)
args-feeds = додати, перелічити, прибрати чи випробувати стрічки новин; docs/IMPORT.md
args-feeds-add = додати стрічки; з того, що в них уже є, нічого не надсилається
args-feed = стрічка, сторінка, на якій вона є, або файл OPML
args-mode = що робити з новим: чернетка, публікація одразу чи лише архів (типово: %(default)s)
args-feeds-list = перелічити стрічки: по рядку на кожну, стовпці розділено табуляцією
args-opml = вивести їх списком OPML, який розуміють інші програми для читання стрічок
args-feeds-remove = прибрати стрічки; що з них надійшло, лишається
args-feed-listed = адреса стрічки, як у переліку
args-feeds-check = показати, що за адресою; нічого не додає, бази даних не потребує
args-feed-or-page = стрічка або сторінка, на якій вона є
args-token = створити, перелічити чи відкликати токени систем, що додають новини; docs/API.md
args-token-add = створити токен; його показано один раз і ніде не збережено
args-token-name = як він тут зветься
args-source = джерело, яке називають його новини (типово: NAME)
args-scope = що ним можна робити; можна вказати кілька разів
args-token-list = перелічити токени: по рядку на кожен, стовпці розділено табуляцією
args-token-revoke = відкликати токен; що ним додали, лишається
args-token-listed = як у переліку
args-webhooks = сповіщати інші системи про опубліковане; docs/HTTP.md
args-webhooks-add = додати адресу; ключ для підпису показано один раз
args-webhook-address = куди сповіщати: https://…
args-events = про що сповіщати (типово: про все)
args-webhooks-list = перелічити вебхуки: по рядку на кожен, стовпці розділено табуляцією
args-webhooks-remove = прибрати вебхук; про що не встигли сповістити, забувається
args-webhooks-test = надіслати йому зараз пробне сповіщення і сказати, що з того вийшло
args-webhooks-enable = знову сповіщати той, що був вимкнений; те, що чекає, піде до нього
args-webhook = його номер або адреса
args-backup = зробити резервну копію і перевірити її; бот може працювати; docs/OPERATIONS.md
args-backup-folder = тека (типово: BACKUP_TO, а без неї backups)
args-restore = відновити резервну копію в порожню базу даних; docs/OPERATIONS.md
args-backup-file = резервна копія
args-restore-check = лише прочитати її всю і сказати, що в ній
args-copy = скопіювати все в порожню базу даних на тому чи іншому рушії; docs/OPERATIONS.md
args-copy-from = sqlite:///файл або postgresql://користувач:пароль@сервер/назва
args-copy-to = так само, адреса порожньої
args-doctor = сказати, що негаразд і що робити; код завершення 1, якщо щось є
args-json = один об’єкт JSON
args-status = сказати, як справи в редакції; код завершення 1, якщо новини не доходять
args-who = номер людини, групи чи каналу; свій номер кожен знайде наприкінці /help
args-export = записати у JSON усе, що про когось збережено; docs/OPERATIONS.md
args-export-to = новий файл (типово: стандартний вивід)
args-erase = стерти все, що про когось збережено; бот може працювати
args-yes = не перепитувати
args-related = перелічити споріднене з новинами; docs/RELEVANCE.md
args-articles = номер новини, ключ, з яким її взято, або «-» для стандартного вводу
args-json-lines = по об’єкту JSON на рядок
args-limit = щонайбільше стільки (типово: %(default)s)
args-search = шукати в архіві так, як шукають читачі; docs/RELEVANCE.md
args-words = що шукати, або «-» для запитів зі стандартного вводу, по одному на рядок
args-json-queries = на кожен запит один об’єкт JSON, одним рядком
args-newest = спершу найновіше, а не найкраще
args-compare = сказати, чи два тексти повторюють один одного або належать до однієї історії; docs/RELEVANCE.md
args-compare-long = Читає рядки JSON { $pair } і на кожен по черзі відповідає { $answer }. Бази даних не потребує.
args-compare-semantic = нехай тексти прочитає і додаткова модель (make semantic)
args-reindex = перебудувати індекс слів; бот може працювати
args-semantic = додаткова модель, що добирає за змістом; docs/RELEVANCE.md
args-semantic-act = on, off: увімкнути чи вимкнути її; fill: дати їй прочитати опубліковане; status: сказати, як далеко вона; wanted: код завершення каже, чи є для неї тут місце і чи згодні налаштування; serve: на тексти зі стандартного вводу, по рядку JSON, відповідає векторами (це запускає бот)

## Налаштування, що не підходять

config-settings = Налаштування: { $what }.
value-number = { $setting }: потрібне число
value-whole = { $setting }: потрібні цілі числа
value-above = { $setting }: число має бути більше за { $n }
value-least = { $setting }: число має бути не менше за { $n }
value-most = { $setting }: число має бути не більше за { $n }
value-choice = { $setting }: можна лише: { $choices }
value-network = { $setting }: потрібні адреси або мережі, через кому
value-entry = { $setting }: запис { $n } — не мережа, не адреса і не ім’я, з портом чи без
value-zone = { $setting }: такого часового поясу немає; пояс виглядає так: Europe/Kyiv
value-bind = { $setting }: це виглядає так: 127.0.0.1:8080 або [::]:8080
value-hub = { $setting }: адреса має починатися з http:// або https:// і бути без пробілів
value-address = { $setting }: адреса має починатися з http:// або https:// і називати сервер, наприклад https://proxy.example:3128
value-ascii = { $setting }: це має бути один рядок латиницею, бо він іде в заголовок запиту
value-chat = { $setting }: чат виглядає так: chat:123456789; свій номер людина знайде наприкінці /help
value-days = { $setting }: або 0, або щонайменше { $n }
value-public = { $setting }: це виглядає так: https://news.example — без пробілів, ? і #
value-people = { $setting }: номер людини — додатне число, його видно наприкінці /help; номери груп і каналів сюди не пишуть
value-empty = { $setting }: задано, але порожнє. Укажіть базу даних або приберіть його: тоді це sqlite:///data/visnyk.db
value-odd = { $setting }: це значення не підходить

system-reason = { $code ->
    [ENOENT] такого файлу чи теки немає
    [EACCES] бракує прав
    [EPERM] бракує прав
    [EISDIR] це тека
    [ENOTDIR] на шляху до нього стоїть файл, а не тека
    [EEXIST] такий файл уже є
    [ENOSPC] на диску немає місця
    [EDQUOT] на диску немає місця
    [EFBIG] файл такого розміру не дозволено
    [EROFS] диск лише для читання
    [EIO] диск повідомляє про помилки
    [ENAMETOOLONG] назва задовга
    [EILSEQ] у ньому текст не в UTF-8
    [EADDRINUSE] цей порт уже зайнято
    [EADDRNOTAVAIL] такої адреси в цієї машини немає
   *[other] система відмовила, { $code }
 }

config-no-token = BOT_TOKEN не задано. Візьміть токен у @BotFather і впишіть його в .env, або спробуйте все без токена: make demo
config-no-token-read = BOT_TOKEN не задано, а рядка { $line } у файлі .env не вдалося прочитати: бракує «=» або лапок. Виправте його.
config-no-token-named = BOT_TOKEN не задано. Є { $name }, але такого налаштування немає: мало бути BOT_TOKEN?
config-token-odd = { $setting }: це не токен; токен виглядає так: 123456789:AA…, і дає його @BotFather.
config-token-refused = BOT_TOKEN: Telegram не приймає цього токена. Візьміть новий у @BotFather: /mybots → ваш бот → API Token.
config-unreadable = { $setting } не вдалося прочитати: { system-reason }.
config-system = { $name }: { system-reason }.
config-not-utf8 = Файл .env не в UTF-8. Збережіть його в UTF-8.
config-passphrase-empty = Файл, указаний у BACKUP_PASSPHRASE_FILE, порожній.
config-passphrase-short = Пароль для резервних копій закороткий: потрібно щонайменше { $n } знаків.
config-certificate = WEBHOOK_CERTIFICATE: { $why ->
    [key] у цьому файлі є приватний ключ. Укажіть файл, де лише сертифікат.
    [several] у цьому файлі кілька сертифікатів. Укажіть файл, де лише сертифікат сервера.
    [unreadable] цей файл не вдалося прочитати.
   *[none] у цьому файлі немає сертифіката у форматі PEM (-----BEGIN CERTIFICATE-----).
 }
config-bind = HTTP_BIND: слухати на { $address } не вдалося: { system-reason }.
config-hub = WEBSUB_HUB потребує HTTP_BIND і PUBLIC_URL: без них немає стрічок, які він міг би брати.
config-webhook = WEBHOOK=on потребує { $setting }: без цього Telegram нічого не принесе.
config-not-https = PUBLIC_URL: Telegram приносить оновлення лише на https://.
config-role = --role: SQLite обслуговує один процес, який робить усе. Для кількох потрібен PostgreSQL.
config-zone = --zone: часового поясу «{ $zone }» немає; назва виглядає так: Europe/Kyiv.
config-language-file = { $file }: файл мови не вдалося прочитати ({ $reason }).
config-no-languages = VISNYK_LANGUAGES: теки { $folder } немає.
config-no-database = Бази даних у { $path } немає. Перевірте { $setting }.
config-no-file = Файлу { $file } немає.
config-no-libraries = У цьому Python ({ $python }) бракує потрібного Вісникові: { $missing }. Установіть його, у теці { $folder }: make setup
config-no-owner = У цієї редакції ще немає власника. Протягом години надішліть ботові:  /claim { $code }

## База даних

database-address = { $setting } має починатися з sqlite:/// або postgresql:// і виглядати так: sqlite:///data/visnyk.db або postgresql://user:password@host/name.
database-no-file = { $setting }: для SQLite потрібен файл, наприклад sqlite:///data/visnyk.db.
database-no-options = { $setting }: адреса файлу SQLite не має параметрів, а назва файлу не може мати «?». Приберіть «?» і все після нього або перейменуйте файл, наприклад на sqlite:///data/visnyk.db.
database-held = На { $path } уже працює інший Вісник. Спершу зупиніть його: на SQLite може бути лише один. Для кількох укажіть у DATABASE_URL базу PostgreSQL.
database-in-use = На цій базі PostgreSQL працює Вісник. Спершу зупиніть усі його процеси.
database-newer = Це база новішого Вісника (її таблиці — { $revision }): оновіть програму.
database-half = Цю базу заповнює copy-database або restore, чи це заповнення обірвалося. Виконайте ту саму команду ще раз: вона продовжить звідти, де стала.
database-older-runs = Ця версія змінює таблиці ({ $revisions }) так, що старіший Вісник із ними не впорається, а він працює на цій базі. Спершу зупиніть усі його процеси, тоді запустіть цей.
database-copied = Цю базу саме копіюють. Запустіть ще раз, коли копіювання закінчиться.
database-silent = База даних не відповідає ({ $reason }). Перевірте { $setting }; знаки @ : / # % у паролі пишуть так: %40 %3A %2F %23 %25.
database-trouble = { $why ->
    [damaged] Базу даних { $path } пошкоджено, або це не база SQLite. Нічого не змінено. Поставте на її місце найновішу резервну копію або врятуйте те, що ще читається: sqlite3 { $path } .recover | sqlite3 saved.db.
    [full] На диску немає місця для бази даних { $path }. Звільніть місце й запустіть ще раз: нічого не втрачено.
    [failing] Диск повідомляє про помилки в базі даних { $path }. Насамперед скопіюйте всю теку.
   *[unwritable] Базу даних { $path } не вдалося відкрити для запису. Перевірте, що це файл, а не тека, і що цей користувач може писати і в нього, і в теку, де він лежить.
 }
database-lost = { $why ->
    [gone] Бази даних або якоїсь її таблиці вже немає.
    [forbidden] База даних відмовила: прав на неї бракує або їх забрали.
    [read-only] У базу даних уже не можна писати.
    [full] На диску бази даних немає місця.
    [busy] База даних не встигла відповісти або не приймає нових з’єднань.
    [failing] Диск бази даних повідомляє про помилки, або те, що на ньому, не прочитати.
   *[lost] З’єднання з базою даних обірвалося: сервер зупинився, перезапускається або закрив його.
} { $then ->
    [start] Нічого не втрачено: наступний запуск продовжить.
    [on] У джерелі нічого не змінено. Коли це мине, виконайте ту саму команду ще раз: вона продовжить звідти, де стала.
    [once] Його створено цілком або не створено зовсім: покаже { $list }. Якщо воно там, а секрету ви не бачили, приберіть його й створіть знову.
    [again] Зроблене залишилося, і наполовину нічого не зроблено. Коли це мине, виконайте ту саму команду ще раз: вона зробить решту.
   *[nothing] Нічого не змінено. Коли це мине, виконайте ту саму команду ще раз.
}
copy-other-version = База, з якої копіюють, має таблиці іншої версії. Запустіть на ній раз цю версію, зупиніть як слід, тоді копіюйте.
copy-of-another = Сюди вже почали копіювати іншу базу. Почніть із порожньої.
copy-whole = Усе вже скопійовано сюди й звірено, і відтоді жоден бот тут не працював.
copy-not-empty = База, у яку копіюють, не порожня: є рядки в { $table }.
copy-differs = Копія не збігається з тим, з чого її зроблено: у { $table } там рядків { $there }, а в джерелі { $here }, або вони кажуть різне. У джерелі нічого не змінено, а на копії нічого не запуститься. Спорожніть її, переконайтеся, що на джерелі не працює бот, і скопіюйте ще раз.
restore-not-empty = У { $path } вже є база даних або журнал від неї. Спершу перенесіть їх: поверх нічого не записується.

## Коли відповісти нічим

shell-nothing-found = За запитом «{ $query }» нічого не знайдено.
shell-nothing-meant = Можливо, замість «{ $query }» ви мали на увазі «{ $suggestion }»?
shell-nothing-to-search = У запиті «{ $query }» немає чого шукати.
shell-no-article = Опублікованої новини «{ $name }» немає.
shell-odd-pair = { $what ->
    [no-json] Цей рядок — не JSON.
    [no-object] Цей рядок — не об’єкт JSON.
    [no-number] { $part } — не число.
    [missing] Бракує { $part }.
    [no-text] { $part } — не текст.
   *[empty] У { $part } немає ні заголовка, ні тексту.
}
shell-nothing-related = Спорідненого немає.
shell-no-feeds = Стрічок немає. Додати: python -m bot feeds add ADDRESS
shell-no-tokens = Токенів немає. Створити: python -m bot token add NAME --scope draft
shell-no-webhooks = Вебхуків немає. Додати: python -m bot webhooks add ADDRESS
shell-no-items = Новин у цій стрічці зараз немає.
shell-detail = Технічно: { $detail }

## The demo

shell-demo-open = Вісник відкрито:  { $address }  Зупинити: Ctrl+C
shell-demo-help =
    r <text>   пише читач       r <number>   читач натискає цю кнопку
    e <text>   пише редактор    e <number>   редактор натискає цю кнопку
    Кілька рядків: закінчуйте рядок на \   Вийти: q
