### Командний рядок.

import-summary = Нових: { $new }, відомих: { $known }, відхилено: { $rejected }.
import-undated = Без дати: { $n }. Їх знайдуть пошук і «Ще за темою», але серед останніх їх немає.
import-no-file = такого файлу немає
import-unknown-kind = це не RSS, не Atom, не JSON Lines і не текст сторінки
import-too-large = файл завеликий
import-entities = у файлі є визначення XML-сутностей, таке не читаємо
import-no-items = у файлі немає новин
import-not-json = рядок не є JSON
import-not-object = рядок не є об’єктом JSON
import-no-text = немає ні заголовка, ні тексту
import-bad-date = дату не вдалося прочитати
import-future = дата в майбутньому
import-not-a-page = це не текст сторінки агентства: немає рядка на зразок «07:35 26.06.2023»
reindex-title = Перебудова індексу
reindex-done = Індекс перебудовано. Новин: { $n }.
semantic-missing = Модель не встановлено. Виконайте: make semantic
semantic-on = Добір за змістом увімкнено. Бот дає моделі читати новини, щойно вони з’являться; «python -m bot semantic fill» дасть прочитати всі одразу.
semantic-off = Добір за змістом вимкнено. Прочитане моделлю збережено.
semantic-is-off = Добір за змістом вимкнено. Щоб увімкнути: make semantic
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
semantic-failed = Модель не працює: { $reason }.
