### Редакції.

command-post = нова новина
command-drafts = чернетки
command-scheduled = заплановані
command-published = опубліковані
command-editors = люди редакції
command-claim = стати власником за одноразовим кодом

post-ask = Надішліть текст: перший рядок — заголовок, наступний може бути лідом. Можна фото з підписом або переслане повідомлення.
field-title = заголовок

desk-view-full = 👁 Повний текст
desk-view-headline = 👁 Заголовок
desk-title = ✏️ Заголовок
desk-lead = ✏️ Лід
desk-body = ✏️ Текст
desk-topics = 🏷 { $topics }
desk-no-topics = обрати теми
desk-topics-title = Теми новини
desk-source = Джерело: { $source }
desk-language = Мова: { $language }
desk-photo = 🖼 Додати фото
desk-photo-change = 🖼 Змінити фото
desk-discard = 🗑 Відкинути
desk-publish = ✅ Опублікувати
desk-urgent = 🔴 Терміново
desk-schedule = 🕒 Запланувати
desk-unschedule = ✖ Зняти з плану

ask-title = Надішліть новий заголовок.
ask-lead = Надішліть новий лід. Прибрати його: «-».
ask-body = Надішліть новий текст новини, без заголовка й ліда.
ask-source = Надішліть назву джерела, а якщо є — й посилання на першоджерело.
ask-photo = Надішліть фото. Прибрати його: «-».
asked-photo = Потрібне фото, надіслане як фото, або «-».
cancelled = Гаразд, без змін.

confirm-title = Опублікувати?
confirm-urgent-title = 🔴 Опублікувати терміново?
confirm-audience = { $now ->
    [one] { $now } читач зараз
    [few] { $now } читачі зараз
   *[many] { $now } читачів зараз
}, { $later ->
    [0] нікого в дайджестах
   *[other] { $later } у дайджестах
}, приблизно { $time }.
confirm-nobody = Зараз цю новину не отримає ніхто: на її теми немає читачів. Вона буде в стрічці й пошуку.
confirm-yes = Так, опублікувати
warning-no-topics = Жодної теми: новину отримають лише ті, хто читає все.
warning-no-text = Немає тексту, лише заголовок.
warning-repeated = Схоже, це вже виходило: «{ $title }».
warning-long-title = Довгий заголовок: { $n ->
    [one] { $n } знак
    [few] { $n } знаки
   *[many] { $n } знаків
}.
warning-capitals = Заголовок самими великими літерами.

when-title = Коли опублікувати?
when-text = Оберіть або напишіть: 18:30, завтра 9:00, 25.11 08:00, через 2 години ({ $zone }).
preset-15m = через 15 хв
preset-1h = через годину
preset-3h = через 3 години
preset-t8 = завтра о 8:00
preset-t19 = завтра о 19:00
scheduled-note = 🕒 Вийде { $time }
unscheduled = Знято з плану, новина знову серед чернеток.
discard-title = Відкинути цю чернетку?
discard-yes = Так, відкинути
discarded = Чернетку відкинуто.

progress-starting = Починаємо…
progress-sent = Надіслано: { $n } з { $total }
progress-left = Лишилось: { $n }
progress-failed = Не вдалося: { $n }
progress-uncertain = Невідомо, чи дійшло: { $n }
progress-expired = Не надсилалось: { $n }
progress-held = У дайджестах: { $n }
progress-to-go = Ще приблизно { $time }
progress-paused = ⏸ Призупинено
progress-stopped = Зупинено
progress-done = ✅ Готово за { $time }
published-reach = Надіслано: { $sent }, у дайджестах: { $held }, не вдалося: { $failed }

list-drafts = Чернетки
list-drafts-none = Чернеток немає. Нова: /post
list-scheduled = Заплановані
list-scheduled-none = Нічого не заплановано.
list-published = Опубліковані
list-published-none = Ще нічого не опубліковано.

editors-title = Люди редакції
editors-add = ➕ Додати
editors-ask = Надішліть числовий id людини або перешліть будь-яке її повідомлення. Id показує бот цій людині у відповідь на /help.
editors-remove = ✖ Прибрати
editors-last-owner = Останнього власника прибрати не можна.
editors-bad-id = Це не схоже на id. Надішліть число або переслане від людини повідомлення.
editors-hidden = Ця людина приховує себе в пересланих повідомленнях. Надішліть її числовий id.
editors-your-id = Ваш id: { $id }
editors-welcome = Вас додано до редакції: { $role }. Нова новина: /post
role-reader = читач
role-author = автор
role-editor = редактор
role-owner = власник
claimed = Тепер ви власник цієї редакції. Нова новина: /post, люди: /editors
claim-usage = Надішліть код, надрукований під час запуску: /claim код
button-compose = 📝 Зробити чернеткою
unknown-editor-text = Це не команда. Зробити з цього новину чи пошукати?

desk-fix = ✎ Виправити
fix-title = Що виправити?
fix-ask-note = Одним реченням: що змінилося? Читачі побачать це біля позначки «Виправлено».
fix-ask-reason = Одним реченням: чому новину відкликано? Це буде у списку виправлень.
fix-as-typo = Одрук: тихо
fix-as-correction = ✎ Виправлення
fix-retract = ✖ Відкликати новину
fix-retract-title = Відкликати цю новину?
fix-retract-text = У кожного, хто її отримав, замість неї стане повідомлення про відкликання. Назад цього не повернути.
fix-retract-yes = Так, відкликати

policy-hold = Якщо невідомо, чи дійшло: спитати мене
policy-resend = Якщо невідомо, чи дійшло: надіслати ще раз
policy-drop = Якщо невідомо, чи дійшло: не повторювати
progress-undo = Вийде за { $n } с. Ще можна скасувати.
progress-edited = Змінено: { $n } з { $total }
progress-unreachable = Недосяжні: { $n }
progress-paused-spike = ⏸ Зупинено автоматично: більшість надсилань не вдається
progress-stopping = Зупиняємо…
control-pause = ⏸ Пауза
control-resume = ▶ Продовжити
control-stop = ⏹ Зупинити
control-undo = ↩ Скасувати
control-doubts = Невідомо, чи дійшло: { $n }
control-stop-title = Зупинити розсилання?
control-stop-text = { $n ->
    [one] { $n } читач цієї новини не отримає.
    [few] { $n } читачі цієї новини не отримають.
   *[many] { $n } читачів цієї новини не отримають.
}
control-stop-yes = Так, зупинити
undone = Скасовано, новина знову серед чернеток.
doubts-title = Невідомо, чи дійшло: { $n }
doubts-text = Зв’язок обірвався, коли надсилання вже почалося. Надіслати ще раз — хтось може отримати двічі; не повторювати — хтось не отримає.
doubts-loose-title = Невідомо, чи дійшли дайджести й повідомлення про виправлення: { $n }
doubts-loose = Невідомо, чи дійшли дайджести: { $n }
doubts-digest = дайджест
doubts-note = повідомлення про виправлення
doubts-more = …і ще { $n }
doubts-resend = Надіслати ще раз
doubts-drop = Не повторювати
doubts-none = Невідомих більше немає.
doubts-resent = Надсилаємо ще раз: { $n }
doubts-dropped = Не повторюємо: { $n }
spike-title = ⏸ Розсилання зупинено автоматично
spike-text = Більшість надсилань не вдається. Остання причина: { $reason }
gate-title = ⏸ Розсилання чекає на вас
gate-text = Бот довго не працював (з { $time }), або базу відновлено з копії. { $n ->
    [one] Чекає { $n } надсилання; якщо це копія, воно могло вже відбутися.
    [few] Чекають { $n } надсилання; якщо це копія, вони могли вже відбутися.
   *[many] Чекають { $n } надсилань; якщо це копія, вони могли вже відбутися.
}
gate-send = Надіслати все, що чекає
gate-drop = Пропустити те, що чекає
gate-sent = Надсилаємо далі.
gate-dropped = { $n ->
    [one] Пропущено { $n } надсилання. Далі — як завжди.
    [few] Пропущено { $n } надсилання. Далі — як завжди.
   *[many] Пропущено { $n } надсилань. Далі — як завжди.
}

button-desk = 🗂 Для редакції
story-join = 🔗 Об’єднати з іншою історією
story-join-one = 🔗 Додати до історії
story-cut-title = Вилучити з історії?
story-cut-text = Сама новина лишиться, як була, але з історії «{ $name }» зникне, і бот її туди не поверне. Сповіщень ніхто не отримає.
story-cut-yes = ✂️ Так, вилучити
story-was-cut = ✂️ Вилучено з історії «{ $name }».
story-put = ↩ Повернути
story-back = 🧵 До історії
story-near-title = 🔗 З чим об’єднати?
story-near-text = Усі, хто стежить за будь-якою з двох історій, стежитимуть за спільною. Сповіщень ніхто не отримає.
story-near-none = Схожих або недавніх історій немає.
story-joined = Об’єднано.
tie-title = 🗂 Ще за темою: вибір редакції
tie-text = 📌 — завжди першою, 🚫 — ніколи. Ще один дотик скасовує.
tie-add = ➕ Закріпити за номером або посиланням
tie-ask = Надішліть номер новини або посилання на неї. Вона стоятиме першою під «Ще за темою».
tie-unknown = Такої новини немає. Надішліть її номер або посилання.
