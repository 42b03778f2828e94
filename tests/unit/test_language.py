"""Which language a text is in: names, addresses and code in Latin letters make no English of it."""

from bot.text.language import detect_language

TEXTS = {
    # code and names in Latin letters
    "Функція print() у Python": "uk", "Команда git commit --amend змінює останній запис": "uk",
    "Як працює async/await у JavaScript": "uk", "Помилка TypeError у браузері": "uk",
    "Вийшов Node.js 22 LTS": "uk", "Цикл for i in range(10) у Python": "uk", "useEffect і useState: що нового": "uk",
    "Оновлення iOS 18.2: Genmoji, Image Playground та ChatGPT": "uk", "Вразливість CVE-2024-3094 у xz-utils": "uk",
    "Sony Interactive Entertainment припиняє роботу PlayStation Store": "uk",
    "Diageo (Johnnie Walker, Captain Morgan, Guinness) йде з ринку": "uk", "Microsoft Azure OpenAI Service – збій": "uk",
    "Гурт The Cure випустив Songs of a Lost World": "uk", "pip install numpy не працює": "uk",
    "https://kh.example.ua/ukr/news/sobytyia/a1230019-zhinti Суд": "uk", "FC Barcelona – Real Madrid: рахунок": "uk",
    "Що таке `const x = await fetch(url)`": "uk", "Docker Compose up -d: як запустити": "uk", "NASA запустила Artemis II": "uk",
    "Google Pixel 9 Pro XL: огляд": "uk", "Маск: «We are going to Mars»": "uk", "Telegram | Сайт | Instagram | YouTube": "uk",
    "Новий Kindle Scribe": "uk", "IT": "en", "Київ": "uk",
    # Ukrainian words in English texts
    "Ukrainian song “Ой у лузі червона калина” goes viral": "en", "Main Intelligence Directorate (Головне управління розвідки) reports": "en",
    "Kyiv's Хрещатик reopens to cars after the works on Sunday": "en", "How to print() in Python": "en", "NASA launches Artemis II": "en",
    "Read more: https://example.ua/новини/київ about the bridge": "en", "The letter Ї explained": "en", "foo_bar()": "en",
    # Russian ones
    "Вышел Node.js 22 LTS": "ru", "Команда git push и что она делает": "ru", "Путин и Байден встретятся в Женеве": "ru",
    "Как работает async/await": "ru", "Новые функции iOS 18.2": "ru", "Это Google Pixel 9 Pro": "ru",
    "Суд в Москве: что известно": "ru", "Объявлен релиз Python 3.14": "ru",
    "Погода у Києві": "uk", "Дощ та сніг": "uk", "Міст": "uk", "Мост": "uk", "": "uk",
}  # fmt: skip


def test_short_texts_among_names_and_code_are_in_the_language_of_their_words() -> None:
    wrong = {text: found for text, language in TEXTS.items() if (found := detect_language(text)) != language}
    assert wrong == {}


def test_a_long_text_without_a_space_takes_no_longer() -> None:
    assert detect_language("ї" * 200_000) == "uk"
    assert detect_language("it " + '"«(' * 100_000) == "en"
