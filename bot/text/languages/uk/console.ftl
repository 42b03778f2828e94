### Командний рядок.

import-summary = Нових: { $new }, відомих: { $known }, відхилено: { $rejected }.
import-undated = Без дати: { $n }. Їх знайдуть пошук і «Ще за темою», але серед останніх їх немає.
import-no-file = такого файлу немає
import-not-a-file = це не звичайний файл; новини з іншої програми подавайте на стандартний ввід: import -
import-unreadable = файл не вдалося прочитати
import-unknown-kind = це не RSS, не Atom, не JSON, не CSV, не OPML і не текст сторінки
import-too-large = файл завеликий: такі читаємо до { $limit } МБ
import-too-many = у файлі понад { $limit } записів; решту не взято
import-encoding = не вдалося впізнати кодування: це ні UTF-8, ні Windows-1251, ні KOI8-U. Збережіть текст у UTF-8
import-entities = у файлі є визначення XML-сутностей, таке не читаємо
import-no-items = у файлі немає новин
import-pages-only = { $n ->
    [one] { $n } сторінка без заголовка новини: пропущено
    [few] { $n } сторінки без заголовка новини: пропущено
   *[other] { $n } сторінок без заголовка новини: пропущено
 }
import-no-feeds = у списку немає жодної стрічки
import-no-columns = у першому рядку таблиці немає назв стовпців: потрібен хоча б title або text
import-bad-row = у рядку { $n ->
    [one] { $n } клітинка
    [few] { $n } клітинки
   *[other] { $n } клітинок
}, а стовпців — { $columns }
import-bad-table = { $n }-й запис не вдалося прочитати: лапки стоять не на місці
import-not-json = рядок не є JSON
import-not-json-file = це не JSON
import-not-object = запис не є об’єктом JSON
import-long-line = рядок задовгий: понад 5 МБ
import-long-item = текст задовгий: понад 5 млн знаків
import-no-text = немає ні заголовка, ні тексту
import-unparsed = запис не вдалося прочитати: щось у ньому записано не так, як у стрічках
import-not-out = запис не для читачів: { $status }
import-not-article = це не новина: { $kind }
import-only-media = тексту немає, лише файл { $file }
import-private-chat = це не канал, тож «{ $chat }» не взято; щоб узяти, експортуйте цей чат окремо
import-future = дата в майбутньому
import-not-a-page = це не текст сторінки агенції: немає рядка на зразок «07:35 26.06.2023»
import-cut = файл обривається посеред запису { $n }: цей запис не взято
import-broken = запис { $n } не є JSON, його не взято
import-refused = база даних не приймає цього запису
import-bad-feed = це не адреса стрічки: { $address }

# Про те, що взято, але не все або не так, як написано.
import-ends-early = файл обривається після запису { $n }
import-guessed = файл не в UTF-8; прочитано як { $encoding }
import-damaged = у тексті були зіпсовані знаки, їх вилучено
import-encoded-twice = текст було закодовано двічі, це виправлено
import-lost-places = у { $n ->
    [one] { $n } місці
   *[other] { $n } місцях
} байти не складаються у знаки, їх вилучено
import-spoilt = втрачено забагато тексту або частину числа
import-bad-date = дату не вдалося прочитати: «{ $date }»; узято без дати
import-unknown-zone = невідомий часовий пояс { $zone }; час узято за UTC
import-unresolved = неповна адреса, посилання вилучено: { $address }
import-enclosure = вкладення не взято: { $address }
import-media = файл не взято: { $file }
import-pictures = фото, крім першого, не взято: { $n }
import-shared-address = адресу «{ $address }» мають різні записи без власного ключа ({ $n }): розрізняємо їх за заголовком і днем
import-shortened-title = заголовок задовгий, лишили перші { $limit } знаків
import-shortened-lead = лід задовгий, лишили перші { $limit } знаків
import-poll = опитування не взято: «{ $question }»
import-only-poll = це лише опитування: «{ $question }»
import-repeated-id = ключ «{ $id }» мають різні записи ({ $n }): розрізняємо їх за адресою, а без неї — за заголовком і днем
import-id-reused = ключ «{ $id }» належить уже іншій новині: цю впізнаватимемо за адресою, а без неї — за заголовком і днем
import-rare-tags = рідкісні мітки лишилися мітками, не темами ({ $n }); пошук їх знаходить: { $tags }
import-changed = змінилося в джерелі: «{ $title }». Щоб оновити, додайте --update
import-changed-edited = змінилося в джерелі, але редакція вже виправляла цю новину, тож лишаємо її текст: «{ $title }»
import-updated = оновлено: «{ $title }»
import-changes = Змінено в джерелі: { $changed }, оновлено: { $updated }.
import-follows = Стрічок у списку: { $n }. Щоб новини надходили з них самі: python -m bot feeds add FILE. Ось їхні адреси:
reindex-title = Перебудова індексу
reindex-done = Індекс перебудовано. Новин: { $n }.
semantic-missing = Модель не встановлено. Виконайте: make semantic
semantic-on = Добір за змістом увімкнено. Бот дає моделі читати новини, щойно вони з’являться; «python -m bot semantic fill» дасть прочитати всі одразу.
semantic-off = Добір за змістом вимкнено. Прочитане моделлю збережено.
semantic-is-off = Добір за змістом вимкнено. Щоб увімкнути: make semantic { $why }
semantic-filling = Читання
semantic-filled = Модель прочитала { $read } із { NUMBER($n) ->
    [one] { $n } новини.
   *[other] { $n } новин.
  }
semantic-status = Добір за змістом: { $on ->
    [yes] увімкнено
   *[no] вимкнено
  }. Модель: { $installed ->
    [yes] встановлено
   *[no] не встановлено
  }. Прочитано новин: { $read } із { $n }.
semantic-unopened = Списки «Ще за темою», з яких ніхто нічого не відкрив, хоч їх показано щонайменше { $least } разів: { $n }.
semantic-choice = SEMANTIC={ $setting }: { $on ->
    [yes] за словами і за змістом
   *[no] лише за словами
  }{ $reason ->
    [setting] , бо так сказано в налаштуваннях
    [hand] , бо так сказано командою python -m bot semantic
    [room] , бо вільної пам’яті { $free } МБ, а треба 300
    [missing] , бо моделі не встановлено: make semantic
   *[unknown] , бо скільки пам’яті вільно, тут не дізнатися; увімкнути все одно: SEMANTIC=on
  }.
semantic-failed = Модель не працює: { $reason }.

feeds-cli-added = додано: { $name } ({ $address })
feeds-cli-there = уже є: { $address }
feeds-cli-removed = прибрано: { $address }
feeds-cli-unknown = такої стрічки немає: { $address }
feeds-cli-holds = новин: { $n }, не вдалося взяти: { $left }

## Токени

token-cli-made = Токен «{ $name }» створено. Збережіть його зараз: більше його ніде не буде.
token-cli-taken = Токен з назвою «{ $name }» уже є.
token-cli-name = Назва має бути непорожня і не довша за { $n } знаків.
token-cli-unknown = Чинного токена «{ $name }» немає.
token-cli-revoked = Токен «{ $name }» відкликано. Що ним додали, лишається.
backup-cli-made = Резервну копію зроблено, відкрито й перевірено: { $path }
backup-cli-good = Резервна копія справна: { $path }
backup-cli-holds = У ній { $rows ->
    [one] { $rows } рядок
    [few] { $rows } рядки
    [many] { $rows } рядків
   *[other] { $rows } рядка
 }: новин — { $articles }, читачів — { $readers }, надсилань — { $deliveries }. Для проби показано новин: { $drawn }.
backup-cli-beat = Востаннє бот працював із цими даними { $time } (UTC). Того, що сталося пізніше, у ній немає.
restore-done = Відновлено. Запустіть бота: перш ніж надіслати те, що чекає, він запитає власників.
restore-copying = Відновлення
copy-title = Копіювання
copy-done = Скопійовано й звірено { $rows ->
    [one] { $rows } рядок
    [few] { $rows } рядки
    [many] { $rows } рядків
   *[other] { $rows } рядка
 } за { $seconds } с. Тепер укажіть у DATABASE_URL нову базу й запустіть бота: перш ніж надіслати те, що чекає, він запитає власників. На старій базі бота більше не запускайте.

## Whether it lives

alive-silent = Процес за адресою HTTP_BIND не відповідає.
alive-nowhere = HTTP_BIND порожній: бот ніде не слухає, тож спитати, чи він живий, неможливо.
