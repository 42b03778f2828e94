### Майстер налаштування в терміналі: python -m bot setup.

setup-offer = Токена ще немає. Налаштувати бота зараз? Це дві хвилини (так/ні)
setup-yes = так
setup-hello = Налаштуймо вашу редакцію. Enter бере те, що в дужках; Ctrl+C — вийти. До останнього запитання нічого не змінюється.
setup-no-terminal = Майстер ставить запитання, а термінала тут немає. Без нього: install -m 600 .env.example .env, впишіть токен у BOT_TOKEN і запустіть бота.
setup-language = Мова редакції
setup-not-understood = Такої відповіді немає.
setup-token-how = Токен дає @BotFather у Telegram: /newbot, назва, адреса, що закінчується на «bot». Коли ви його вставите, на екрані його не буде видно.
setup-token = Токен
setup-token-odd = Це не токен. Він виглядає так: 123456789:AA… — число, двокрапка, 35 знаків.
setup-token-refused = Telegram не знає такого токена. Скопіюйте його в @BotFather ще раз: /mybots → ваш бот → API Token.
setup-token-good = Токен належить @{ $bot }.
setup-token-keep = Токен уже є, від @{ $bot }. Залишити його? (так/ні)
setup-token-elsewhere = Токен міститься в { $where } і належить @{ $bot }; там він і залишиться.
setup-token-elsewhere-refused = Токен у { $where } Telegram не знає. Впишіть туди чинний або приберіть це налаштування й почніть знову.
setup-away = Telegram ({ $host }) звідси недоступний. Перевірте з’єднання й натисніть Enter, щоб спробувати ще раз; Ctrl+C — вийти.
setup-zone = Часовий пояс або велике місто в ньому
setup-name = Назва редакції: так зватиметься бот, і вона ж стоятиме джерелом під вашими новинами
setup-name-long = Назва має від 1 до { $n } знаків.
setup-name-odd = У назві є знаки, яких не можна записати в .env. Оберіть іншу.
setup-picture = Фото бота: шлях до файлу JPEG; Enter — без фото
setup-picture-odd = Потрібен файл JPEG, не більший за { $megabytes } МБ. Такого там немає.
setup-picture-refused = Telegram не прийняв фото. Пізніше: /setuserpic у @BotFather.
setup-picture-later = Фото бота можна поставити й пізніше: /setuserpic у @BotFather.
setup-written = Записано: { $file }. Прочитати його можете лише ви.
setup-unwritten = { $file } не вдалося записати ({ system-reason }). Нічого не змінено.
setup-environment = Зауважте: { $names } задано ще й у середовищі цієї оболонки, і діє саме воно.
setup-telling = Задаємо в Telegram назву, описи, команди й кнопку меню…
setup-told = Готово. Пошук з інших чатів вмикає @BotFather: /setinline.
setup-told-later = Telegram прийняв не все. Решту бот задасть, коли запрацює.
setup-name-later = Telegram не прийняв назви: перейменовувати бота можна лише кілька разів на день. Пізніше: /setname у @BotFather.
setup-owners = Власників названо в ADMINS.
setup-owned = Редакція вже має власника.
setup-code = Щоб стати власником, запустіть бота, відкрийте це посилання й натисніть «Почати». Воно діє годину й для однієї людини. Або надішліть боту: /claim { $code }
setup-code-later = Код, з яким ви станете власником, з’явиться на екрані, коли бот запуститься.
setup-link = Ваш бот: { $link }
setup-next = Запустити: make run
setup-broken-off = { $written ->
    [yes] Зупинено. Файл .env записано, він чинний; чого бракує в Telegram, бот задасть, коли запрацює. Завершити тут: python -m bot setup
   *[no] Зупинено. Нічого не змінено.
  }
