### Стан редакції та машини.

command-status = чи все гаразд
command-doctor = що не гаразд і що робити

doctor-well = ✅ Усе гаразд.
doctor-title = Потребує уваги: { $n }
doctor-more = …і ще { $n }: python -m bot doctor
status-well = ✅ Усе гаразд
status-ill = 🛑 Новини можуть не доходити: { $n ->
    [one] { $n } причина, див. /doctor
    [few] { $n } причини, див. /doctor
    [many] { $n } причин, див. /doctor
   *[other] { $n } причини, див. /doctor
}
status-version = Вісник { $version }
status-database = База даних: { $engine }, таблиці { $revision }, { $size } МБ
status-readers = Читачів: { $n }
status-lane = { $lane ->
    [reply] на прохання — { $n }
    [urgent] термінових — { $n }
    [instant] негайних — { $n }
   *[digest] дайджестів — { $n }
}
status-waiting = У черзі: { $what }
status-nothing-waits = У черзі нічого немає.
status-last = Останнє розсилання: { $time }; повідомлень за секунду протягом останньої хвилини: { $rate }
status-updates = Оновлень на обробку: { $n }
status-uncertain = Невідомо, чи дійшло: { $n }
status-feeds = Стрічок, які не вдається прочитати: { $n }
status-backup = Остання резервна копія: { $time }
status-no-backup = Резервної копії ще не робили.
doctor-no-token = Токена немає. Отримайте його в @BotFather і впишіть у BOT_TOKEN.
doctor-two-tokens = Указано і BOT_TOKEN, і BOT_TOKEN_FILE; діє файл. Приберіть щось одне.
doctor-webhook-nowhere = WEBHOOK увімкнено, а PUBLIC_URL чи HTTP_BIND порожній: Telegram не може достукатися до бота. Укажіть обидва або вимкніть WEBHOOK.
doctor-webhook-not-https = WEBHOOK увімкнено, а PUBLIC_URL не https: туди Telegram нічого не доставляє. Поставте перед ботом проксі із сертифікатом.
doctor-public-unheard = PUBLIC_URL указано, але бот ніде не слухає: його сторінки не відкриваються. Укажіть HTTP_BIND або приберіть PUBLIC_URL.
doctor-paid-nothing = PAID_RATE указано, а PAID_STARS дорівнює 0: платно нічого не розсилається. Укажіть обидва або приберіть PAID_RATE.
doctor-too-fast = SEND_RATE дорівнює { $rate }, а Telegram дозволяє 30 повідомлень за секунду: зайві він відхилятиме. Поставте 30; для більшого є платні розсилання.
doctor-open-file = Файл { $file } може прочитати кожен на цій машині. Закрийте його: chmod 600 { $file }
doctor-zones = Ця машина не знає часових поясів: { $zones }. Їхні читачі отримують дайджести не тоді. Оновіть tzdata в системі або пакунок Python tzdata.
doctor-no-database = Бази даних ще немає. Якщо вона мала б бути, перевірте DATABASE_URL; якщо ні — запустіть бота.
doctor-other-version = Таблиці бази даних належать іншій версії ({ $revision }). Запустіть на ній цю версію або, якщо база новіша, оновіть програму.
doctor-damaged = Базу даних пошкоджено. Зупиніть бота й відновіть найновішу резервну копію: python -m bot restore.
doctor-not-durable = У PostgreSQL вимкнено synchronous_commit: після збою новини можуть піти двічі. Увімкніть його.
doctor-large-log = Журнал SQLite виріс до { $size } МБ. Перевірте, чи не тримає базу відкритою інша програма; коли вона закінчить, журнал зменшиться сам.
doctor-little-room = На диску з базою даних вільно лише { $size } МБ. Звільніть місце: на повному диску розсилання зупиняється.
doctor-no-owner = У редакції немає власника. Надішліть боту /claim і код, який він показує під час запуску, або впишіть себе в ADMINS.
doctor-token-refused = Telegram не приймає токена. Отримайте новий у @BotFather, впишіть його в BOT_TOKEN і перезапустіть бота.
doctor-telegram-away = Telegram недоступний ({ $error }). Перевірте мережу, брандмауер і TELEGRAM_API_URL. Того, що знає лише він, тут немає.
doctor-webhook-of-others = Хтось установив цьому боту вебхук, тож оновлення не надходять. Перезапустіть бота — він його прибере; якщо це були не ви, отримайте новий токен у @BotFather.
doctor-webhook-lost = WEBHOOK увімкнено, але Telegram доставляє оновлення деінде або нікуди. Перезапустіть бота й перевірте, чи не користується токеном інша програма.
doctor-webhook-fails = Telegram не може доставити оновлення: «{ $reason }». Перевірте PUBLIC_URL, сертифікат і проксі.
doctor-updates-missing = Telegram не доставляє оновлень таких видів: { $kinds }. Перезапустіть бота; якщо не допоможе, токеном користується інша програма.
doctor-updates-not-fetched = Оновлень, що чекають у Telegram і яких ніхто не забирає: { $n }. Перевірте, чи працює бот і чи не користується його токеном інша програма.
doctor-clock = Годинник машини розходиться на { $n } с. Увімкніть NTP: timedatectl set-ntp true
doctor-chat-closed = Бот не може писати в «{ $chat }» ({ $status }). Нехай адміністратор дасть йому це право або вилучить його з чату.
doctor-not-running = Бот не працює. Запустіть його й подивіться в журналі, чому він зупинився.
doctor-held = Розсилання чекає на відповідь власника: надіслати чи пропустити те, що чекало під час зупинки. Запитання — у чаті з ботом.
doctor-updates-late = Оновлень, що чекають на обробку: { $n }; найдавніше — понад хвилину. Подивіться в журнал; якщо машина заповільна, перейдіть на швидшу.
doctor-sends-late = Розсилання триває понад шість годин, копій у черзі: { $n }. Перевірте, чи його не призупинено і чи Telegram не просить зачекати.
doctor-set-aside = Непрочитаних оновлень: { $n }. Подивіться їх у /editors; за номерами розробник знайде причину.
doctor-uncertain = Надсилань, про які невідомо, чи вони дійшли: { $n }. Вирішіть про них у картці розсилання, у /published.
doctor-feeds-fail = Стрічок, які не вдається прочитати: { $n } ({ $feeds }). Причини — у /feeds; приберіть ті, яких уже немає.
doctor-no-backups = Резервних копій ніхто не робить. Укажіть теку в BACKUP_TO, найкраще на іншому диску.
doctor-backup-lost = Найновішої резервної копії вже немає на місці: { $file }. Зробіть нову: python -m bot backup
doctor-backup-fails = Останню резервну копію зробити не вдалося. { $why ->
    [full] На диску немає місця: звільніть його.
    [unwritable] У теку з BACKUP_TO не вдається писати: перевірте права.
   *[other] Причину записано в журналі.
}
doctor-backup-open = BACKUP_TO називає чат, а пароля немає, тож туди нічого не надсилається. Задайте BACKUP_PASSPHRASE або вкажіть теку.
doctor-two-passphrases = Задано і BACKUP_PASSPHRASE, і BACKUP_PASSPHRASE_FILE; діє файл. Приберіть зайве.
doctor-backup-old = Найновішій справній резервній копії { $n } год. Подивіться в журналі, чому немає новішої, або зробіть її: python -m bot backup
doctor-backup-beside = Резервні копії лежать у теці бази даних і пропадуть разом із нею. Укажіть у BACKUP_TO теку на іншому диску.
doctor-backup-room = Для резервних копій вільно лише { $size } МБ — менше, ніж треба на дві. Звільніть місце або зменште BACKUP_KEEP.
