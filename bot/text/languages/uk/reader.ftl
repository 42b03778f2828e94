### Читачеві.

## Час

moment-yesterday = вчора, { $time }
moment-tomorrow = завтра, { $time }
moment-date = { $date }, { $time }
duration-seconds = { $n } с
duration-minutes = { $n } хв
moment-in-full = { $date }, { $time } ({ $place }) · через { $left }
duration-days = { $n ->
    [one] { $n } день
    [few] { $n } дні
   *[many] { $n } днів
}
duration-hours = { $minutes ->
    [0] { $hours } год
   *[other] { $hours } год { $minutes } хв
}
reading-time = { $n } хв читати

## Новина

button-read = Читати
button-related = Ще за темою
button-story = 🧵 Уся історія
button-why = ❓ Чому це тут?
button-sources = { $n ->
    [one] +{ $n } джерело
    [few] +{ $n } джерела
   *[many] +{ $n } джерел
}
sources-title = Те саме з інших джерел
button-fold = Згорнути
button-back = ← Назад
button-previous = ◀ Попередня
button-next = Далі ▶
button-original = Першоджерело
button-share = ↗ Поділитися
button-open = Відкрити
button-done = Готово
button-cancel = Скасувати
button-copy = 📋 Скопіювати
button-restore = ↩ Повернути
cancel-nothing = Немає чого скасовувати.
question-closed = Це не схоже на відповідь, тож питання «{ $question }» закрито.
question-in-group = У групі надішліть це у відповідь на це повідомлення.
question-in-channel = Свої — командою, наприклад: { $example }
search-in-channel = Надішліть слова разом із командою, наприклад: /search ремонт мосту
words-in-channel = Надішліть слова разом із командою, наприклад: /words ремонт мосту, -футбол
page-of = { $page } / { $pages }
urgent-mark = 🔴 ТЕРМІНОВО
corrected-mark = ✎ Виправлено { $time }
corrected-short = ✎
retracted-mark = ✖ Новину відкликано
retracted-notice = «{ $title }». Вибачте.
retracted-why = «{ $title }». Причина: { $reason } Вибачте.
headline-only = Поки що лише заголовок.
source-label = Джерело:
also-label = Також:
article-number = № { $n }
apart = { " — " }
resembles = Схоже на: «{ $title }»
first-report = ↪ Перше повідомлення: { $source }
first-report-nameless = інше джерело
latest-title = Останнє
latest-topic = Останнє: { $topic }
latest-chosen = Останнє у ваших темах
latest-all = Останні новини
latest-none = Новин ще немає. Коли з’являться, їх покаже /latest.
latest-none-in = { $code ->
    [uk] Новин українською ще немає.
    [en] Новин англійською ще немає.
   *[other] Новин цією мовою ще немає: { $language }.
} Читати будь-якою мовою: /settings, «Мова новин».
latest-none-chosen = У ваших темах новин ще немає. Щоб читати все: /latest
latest-no-topics = Новини за темами вам зараз не надходять, тож цей список порожній. Обрати теми: /topics, читати все: /latest
related-title = Ще за темою
related-read = Усе інше на цю тему ви щойно прочитали.
related-unsure = Нічого певного на цю тему немає; «Більше» покаже найближче.
related-more = Більше
related-also = також: { $source }
related-none = На цю тему більше нічого немає.
story-title = 🧵 { $name } ({ $n })
story-none = Ця новина поки що окрема: ні передісторії, ні продовжень у неї немає.
story-follow = 🔔 Стежити за історією
story-unfollow = 🔕 Не стежити за історією
story-unfollowed = За цією історією ви більше не стежите.
story-followed = Продовження цієї історії надходитимуть вам.
search-title = Знайдено за запитом «{ $words }»
search-none = Нічого не знайдено. Спробуйте інші слова або менше слів.
search-meant = Може, { $words }?
search-newest = 🕒 Спершу новіші
search-best = 🎯 Спершу найближчі
search-follow = 🔔 Стежити за цими словами
search-unfollow = 🔕 Не стежити за цими словами
search-unfollowed = За цими словами ви більше не стежите.
search-followed = Новини з цими словами надходитимуть вам.
search-without = Не надходитимуть новини зі словами: { $names }.
words-lately = За останні { $days } днів — { $n ->
    [1] одна новина:
    [one] { $n } новина, зокрема
    [few] { $n } новини, зокрема
   *[many] { $n } новин, зокрема
} «{ $title }».
words-lately-none = За останні { $days } днів таких не було{ $words ->
    [1] .
   *[other] : можливо, слів забагато.
}
words-lately-many = За останні { $days } днів — { $n ->
    [one] { $n } новина
    [few] { $n } новини
   *[many] { $n } новин
}, тобто приблизно { $daily } на день. Менше буде, якщо додати слово.
inline-none = Нічого не знайдено. Шукати в боті →
search-ask = Що шукаємо? Напишіть слова в будь-якій формі.
digest-title = Дайджест · { $time } · { $n ->
    [one] { $n } новина
    [few] { $n } новини
   *[many] { $n } новин
}
digest-other = Інше

## Вітання

newsroom-default = Вісник
welcome-title = Вітаємо! Це { $newsroom }.
welcome-text = Новини надходитимуть сюди, щойно вийдуть. Оберіть теми — або читайте все.
only-language = 🗞 { $code ->
    [uk] Новини лише українською
    [en] Новини лише англійською
   *[other] Новини лише цією мовою: { $language }
}
button-latest = 📰 Останнє
button-settings = ⚙️ Налаштування
welcome-paused = Надсилання призупинено; продовжити: /resume. Теми можна обрати й зараз.
welcome-scheduled = Новини надходитимуть { $when }. Оберіть теми — або читайте все.
welcome-nothing = Нічого ще не обрано, тож новини не надходять. Оберіть теми — або все.
welcome-back = Знову разом. Усе, що ви обрали, на місці.
welcome-resumed = Надсилання було призупинено. Тепер новини надходитимуть знову; призупинити: /pause
welcome-topic = Відтепер ви стежите за темою «{ $topic }».
hello-group = Вітаємо! Щойно адміністратор надішле сюди /topics, тут з’являтимуться новини обраних тем.
private-only = { $command } працює лише в особистому чаті з ботом.
button-own-chat = Відкрити чат
hello-channel = Канал «{ $name }» під’єднано. Надішліть у ньому /topics, щоб обрати теми.

## Теми

topics-title = Теми
topics-everything = Усі новини
topics-all = Ви отримуєте всі новини. Торкніться теми, щоб залишити лише її.
topics-some = Ви отримуєте новини позначених тем.
topics-none = Не обрано нічого, тож новини не надходять.
topics-rules-only = Теми не обрано. Надходять лише новини за вашими словами, історіями та джерелами: /settings
topics-resting = Обране вами поки вимкнено, тож новини не надходять. Докладніше: /settings
topics-rules-resting = Ваші теми поки вимкнено. Надходять лише новини за вашими словами, історіями та джерелами: /settings
topics-nothing = поки нічого
reason-everything = усі новини
reason-topic = тема «{ $name }»
reason-source = джерело «{ $name }»
reason-story = історія «{ $name }»
reason-keyword = { $n ->
    [1] слово
   *[other] слова
} «{ $name }»
excluded-keyword = без { $n ->
    [1] слова
   *[other] слів
} «{ $name }»
reason-gone = { $kind ->
    [topic] тема, якої вже немає
    [source] джерело, якого вже немає
    [story] історія, якої вже немає
   *[other] слова, яких уже немає
}

## Налаштування

settings-title = Налаштування
setting-news = Що надходить
setting-topics = 🏷 Теми
setting-schedule = 🕗 Коли
setting-quiet = 🌙 Тихі години
setting-urgent = 🔴 Термінове
setting-zone = 🌍 Часовий пояс
setting-language = 💬 Мова
setting-news-language = 🗞 Мова новин
setting-sources = ➕ Інші джерела
setting-look = 🖼 Вигляд
setting-titles = 📄 Кожна новина
setting-rules = 📋 Слова, історії та винятки
urgent-at-once = одразу
urgent-like-others = за розкладом
look-rich = з оформленням
look-plain = простий текст
titles-only = лише заголовок
titles-whole = заголовок, лід і фото
sources-sent = надсилати
sources-folded = тихо, під першою новиною
sources-setting-title = Те саме з інших джерел
sources-setting-text = Буває, що новину, яку ви вже отримали, інше джерело переказує своїми словами. Її можна не надсилати окремо: тоді під першою новиною без звуку з’явиться кнопка «+1 джерело». Термінове надходить завжди.
sources-send = Надсилати
sources-fold = Тихо: «+2 джерела» під першою
language-title = Мова
news-language-title = Мова новин
news-language-text = Якою мовою мають бути новини, що надходять вам?
news-language-any = будь-яка
news-language-only = { $code ->
    [uk] лише українська
    [en] лише англійська
   *[other] лише { $language }
}
paused-mark = ⏸ Надсилання призупинено.
left-mark = 🚪 Ви відписалися, тож новини не надходять. Повернутися: /start
button-pause = ⏸ Призупинити
button-resume = ▶️ Продовжити
button-leave = 🚪 Відписатися
schedule-title = Коли надсилати
schedule-now = одразу
schedule-hourly = щогодини
schedule-hours = { $hour ->
    [11] об
   *[other] о
} { $times }
schedule-text = Одразу, щогодини одним повідомленням або в обрані години. Часовий пояс: { $city }.
schedule-saved = Новини надходитимуть { $when }.
hours-ask = О котрій надсилати? Напишіть години, наприклад: 8, 13 і 19:30
hours-jumped-over = ⏰ { $date } годинник переводять уперед: { $time } того дня не буде, замість неї — { $instead }.
button-digest-now = 📬 Дайджест зараз
digest-asked = 📬 Надсилаємо дайджест: { $n ->
    [one] { $n } новина
    [few] { $n } новини
   *[many] { $n } новин
}.
digest-nothing = Нічого нового: усе, що на вас чекало, вже надійшло.
digest-under-way = Дайджест уже в дорозі.
digest-left = Ви відписалися, тож на вас нічого не чекає. Повернутися: /start
schedule-saved-now = Кожна новина надходитиме, щойно вийде.
quiet-title = Тихі години
quiet-text = У тихі години новини не турбують. Усе, що накопичилося, прийде одним дайджестом, коли вони скінчаться.
quiet-off = вимкнено
quiet-all-day = цілу добу, дайджест { $hour ->
    [11] об
   *[other] о
} { $time }
quiet-saved = Тихі години: { $hours }.
quiet-ask = З котрої до котрої? Напишіть, наприклад: 22:30–7:15. Щоб їх не було, напишіть «вимкнути».
button-pick-hours = 🕐 Обрати інші
quiet-pick-start = Коли починаються?
quiet-pick-end = З { $start } і до котрої?
quiet-or-typed = Або напишіть обидві, наприклад: 22:30–7:15.
timezone-title = Часовий пояс
timezone-here = Зараз: { $city } ({ $zone }), { $time }
timezone-text = Оберіть місто або напишіть своє.
timezone-saved = Часовий пояс: { $city }. Зараз { $time }.
rules-title = Слова, історії та винятки
rules-text = Торкніться, щоб прибрати. Виняток сильніший за все, що ви обрали.
rules-none = Тут поки порожньо. Додайте слова, за якими стежити, або ті, яких не має бути.
rules-ask = Які слова? Напишіть у будь-якій формі, різні через кому: ремонт мосту, НАТО. Слова з мінусом не мають траплятися: -футбол
button-add-words = ➕ Додати слова
words-followed = 🔔 Новини зі { $n ->
    [1] словом
   *[other] словами
} «{ $name }» надходитимуть вам.
words-excluded = ➖ Новини зі { $n ->
    [1] словом
   *[other] словами
} «{ $name }» не надходитимуть, хоч би що ще ви обрали.
words-were-excluded = { $n ->
   *[other] Досі це був виняток.
}
words-were-followed = { $n ->
    [1] Досі ви за ним стежили.
   *[other] Досі ви за ними стежили.
}
words-excluded-lately = За останні { $days } днів таких { $n ->
    [0] не було.
    [one] була { $n } новина.
    [few] було { $n } новини.
   *[many] було { $n } новин.
}
paused-without-end = Надсилання призупинено, доки ви його не продовжите: /resume. Пауза на певний строк не ставиться.
paused = Надсилання призупинено. Продовжити: /resume
resumed = Продовжуємо. Що вийшло за цей час: /latest
leave-title = Відписатися?
leave-text = Новини більше не надходитимуть. Повернутися з тими самими темами можна будь-коли: /start
button-leave-sure = Так, відписатися
button-stay = Залишитися
left = Готово, новини більше не надходитимуть. Повернутися з тими самими темами: /start

## Чому це мені?

why-title = Чому ця новина тут
why-nothing = Жодне з ваших правил їй уже не відповідає: їх змінено після того, як новина надійшла.
why-drop = ✖ { $name }
why-drop-all = ✖ Прибрати: усі новини
why-mute-day = 🔕 доба
why-mute-week = 🔕 тиждень
why-mute-forever = 🔕 назавжди
why-less = 🔕 Менше такого
less-title = Чого має бути менше?
less-nothing = Цю новину не віднесено ні до теми, ні до джерела, ні до історії.
muted-until = 🔕 { $rule } — вимкнено до { $until }
muted-ever = 🔕 { $rule } — вимкнено назавжди
drop-all-title = Прибрати всі новини?
drop-all-text = Надходитиме лише те, за чим ви стежите окремо: слова, історії, джерела.
drop-all-yes = Так, прибрати
mute-over = Більше не вимкнено: { $rule }.
exception-over = Більше не виняток: { $rule }.
why-dropped = Прибрано: { $rule }.
why-dropped-all = Усі новини вимкнено. Оберіть теми або поверніть, як було.

## Довідка

help-title = Що можна робити
help-desk = Для редакції
help-desk-text = Текст, фото з підписом або переслане повідомлення можна надіслати й без /post.
help-text = Напишіть будь-які слова, і бот запропонує їх пошукати. Під кожною новиною є кнопки.
help-among-others = Тут команди виконуються, коли їх надсилає адміністратор. Кнопки «{ $read }» і «{ $related }» під новинами працюють для всіх: новина відкривається в чаті з ботом.
command-start = почати
command-latest = останні новини
command-search = пошук
command-read = відкрити новину за номером чи посиланням
command-related = ще за темою
command-story = уся історія новини
command-corrections = виправлення
command-topics = обрати теми
command-words = слова, за якими стежити, і винятки
command-schedule = коли надсилати
command-quiet = тихі години
command-digest = дайджест зараз
command-timezone = часовий пояс
command-settings = усі налаштування
command-pause = призупинити надсилання
command-resume = продовжити надсилання
command-stop = відписатися
command-mydata = усе, що зберігається про вас, файлом
command-forget = стерти все про вас
command-help = довідка
command-cancel = закрити питання
bot-description = Новини в Telegram: обирайте теми, час і спосіб. Повний текст, схожі новини й дайджести — в одному чаті.
bot-short-description = Новини за вашими темами й у ваш час.

## Невідоме

unknown-text = Пошукати «{ $words }» у новинах?
unknown-long = Для пошуку це задовго: вистачить кількох слів. Що можна робити: /help
unknown-command = Такої команди немає. Що можна робити: /help
unknown-kind = Такі повідомлення бот не читає. Що можна робити: /help
button-search = 🔎 Шукати
read-usage = Вкажіть номер новини або посилання на неї: /read 123. Або відповідайте цією командою на повідомлення з новиною.
related-usage = Вкажіть номер новини або посилання на неї: /related 123. Або відповідайте цією командою на повідомлення з новиною.
story-usage = Вкажіть номер новини або посилання на неї: /story 123. Або відповідайте цією командою на повідомлення з новиною.

## Помилки

error-unexpected = Щось пішло не так. Помилку записано; спробуйте ще раз.
error-bad-input = Не вдалося зрозуміти. Що можна робити: /help
error-empty = Тут немає тексту. Надішліть текст, фото з підписом або перешліть повідомлення з текстом.
error-unchanged = Саме так там і написано: нічого не змінилося.
error-too-long = Задовго: { $length ->
    [one] { $length } знак
    [few] { $length } знаки
   *[many] { $length } знаків
}, а можна щонайбільше { $limit }.
error-bad-time = «{ $text }» не схоже на час. Приклади: завтра о 9, у п’ятницю 18:30, 25 грудня 9:00, через 2 години.
error-bad-time-unquoted = Це не схоже на час. Приклади: завтра о 9, у п’ятницю 18:30, 25 грудня 9:00, через 2 години.
error-bad-hours = «{ $text }» не схоже на години. Приклади: 8, 13 і 19:30; щогодини; одразу.
error-bad-hours-unquoted = Це не схоже на години. Приклади: 8, 13 і 19:30; щогодини; одразу.
error-bad-quiet = «{ $text }» не схоже на тихі години. Приклади: 22:30–7:15; з 23 до 7; вимкнути.
error-bad-quiet-unquoted = Це не схоже на тихі години. Приклади: 22:30–7:15; з 23 до 7; вимкнути.
error-no-date = «{ $text }»: такої дати немає. Перевірте день і місяць.
error-no-date-unquoted = Такої дати немає. Перевірте день і місяць.
error-past-time = «{ $text }» вже минуло. Вкажіть час у майбутньому.
error-bad-moment = «{ $text }» не схоже на дату. Приклади: 26.06.2023 07:35, вчора о 18, понеділок 9:00, 2 години тому.
error-bad-moment-unquoted = Це не схоже на дату. Приклади: 26.06.2023 07:35, вчора о 18, понеділок 9:00, 2 години тому.
error-future-time = «{ $text }» ще не настало. Дата новини має бути в минулому.
error-future-time-unquoted = Цей час ще не настав. Дата новини має бути в минулому.
error-past-time-unquoted = Цей час уже минув. Вкажіть час у майбутньому.
error-bad-zone = Міста або поясу «{ $text }» не знайдено. Спробуйте найближче велике місто або назву на зразок Europe/Kyiv.
error-bad-zone-unquoted = Такого міста або поясу не знайдено. Спробуйте найближче велике місто або назву на зразок Europe/Kyiv.
error-bad-query = Немає за чим шукати: додайте хоч одне змістовне слово.
words-address = Це адреса, а не слова: за нею не стежать. Напишіть слова, які мають бути в новинах.
error-bad-words = Тут немає слів, за якими можна стежити: додайте хоч одне змістовне.
error-too-many-words = Тут { $number ->
    [one] { $number } слово
    [few] { $number } слова
   *[many] { $number } слів
}, які мають бути в новині всі разом, а можна щонайбільше { $limit }. Різні слова розділяйте комою.
error-too-much-at-once = За раз можна щонайбільше { $limit } правил, а тут { $number }. Надішліть їх частинами.
error-unknown-topic = Теми «{ $text }» немає. Є такі: { $topics }.
error-unknown-topic-unquoted = Такої теми немає. Є такі: { $topics }.
error-not-there = «{ $text }» у тексті немає. Перевірте, як це там написано.
error-not-there-unquoted = Такого в тексті немає. Перевірте, як це там написано.
error-there-twice = «{ $text }» трапляється в тексті не раз. Додайте сусідні слова.
error-there-twice-unquoted = Це трапляється в тексті не раз. Додайте сусідні слова.
error-not-found = Не знайдено. Перевірте номер або відкрийте /latest.
error-not-allowed = Це можуть лише люди редакції.
error-role = { $role ->
    [owner] Це може лише власник.
   *[editor] Це може лише редактор.
}
error-approved = Цю новину вже затверджено: змінити її може лише редактор.
error-admins-only = У групах і каналах це можуть лише адміністратори.
error-bad-invitation = Це запрошення вже використано або воно застаріло. Попросіть нове.
error-bad-code = Код не підходить: його вже використано або в ньому помилка.
error-stale = Тут уже все змінилося. Ось поточний стан.
error-no-such-picture = Такого завантаженого зображення немає, або воно вже в іншій новині. Завантажте його ще раз.
error-stale-button = Ця кнопка застаріла. Викличте команду ще раз.
error-not-ready = Ще бракує: { $what }.
error-too-many-rules = 
    Стільки не вміститься: у вас може бути щонайбільше { $limit ->
        [one] { $limit } правило
        [few] { $limit } правила
       *[many] { $limit } правил
    }. Приберіть зайві: теми — /topics, слова, історії та винятки — /words.
error-slow-down = Трохи повільніше, будь ласка.

## Виправлення

corrections-title = Виправлення
corrections-none = Ще жодну новину не виправляли.
fix-typo = Одрук
fix-correction = Виправлення
fix-retraction = Новину відкликано
