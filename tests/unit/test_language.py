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


# Headlines that begin every word with a capital, credits, words that are spoken of, names of works, commands.
ENGLISH = (
    "BREAKING: Zelensky Signs Budget Law For 2027. Джерело: Офіс президента",
    "Trump Meets Putin In Alaska. Фото: Білий дім та інші", "MISSILE ATTACK ON KHARKIV KILLS FIVE – фото",
    "Learn Ukrainian: привіт means hello", "EU Leaders Agree To New Sanctions. Джерело: Європейська правда",
    "Ukraine Wins Eurovision For The Third Time | Фото: Суспільне", "Kyiv Metro To Close Early On Sunday – відео",
    "DRONES HIT REFINERY IN SARATOV (відео)", "Oil prices fall after OPEC decision. Автор: Олена Коваль",
    "Power Cuts Return To Odesa As Frost Sets In. Фото: ДСНС України",
    "The word борщ is now in the Oxford dictionary", "How to say дякую and будь ласка in Ukrainian",
    "Ukrainian for beginners: доброго дня means good afternoon", "PM Shmyhal Visits Lviv. Фото: Урядовий портал",
    "Explosions heard in Dnipro, Дніпро, on Friday morning", "Markets Rally As Fed Holds Rates. Источник: Рейтер",
    "WAR IN UKRAINE: DAY 1000. Фото: Генштаб ЗСУ", "Photo of the day: Карпати under snow",
    "Zelensky arrives in Brussels for summit (Зеленський)", "Biden To Visit Kyiv In February. Джерело: Bloomberg",
    "FLOOD IN ZAKARPATTIA: WHAT WE KNOW. Фото: ДСНС", "Russian Strike On Odesa Port – відео",
    "Why Щедрик became Carol of the Bells", "The best вареники in Kyiv and where to find them",
    "Ukraine's Верховна Рада passes mobilisation bill", "Grain Deal Is Over, Says Kremlin (фото)",
    "Inside Ukraine's Drone Factories | Відео: Громадське",
    "Zelensky Signs Budget Law – Українська правда", "Trump Meets Putin | Європейська правда", "EU Backs Loan - Радіо Свобода",
    "Missile Hits Kharkiv — «Суспільне»", "Kyiv Metro Closed | Зеркало недели",
)  # fmt: skip
UKRAINIAN = (
    "Netflix – Українська правда про стрімінг", "Міст – Українська правда", "Українська правда",
    "Встановіть командою apt-get install nginx", "Фільм The Zone of Interest отримав два Оскари",
    "Гурт Go_A їде на Eurovision Song Contest", "Роман The Old Man and the Sea у новому перекладі",
    "Як встановити Ubuntu 24.04: sudo apt update && sudo apt upgrade",
    "Запустіть npm run build і перезавантажте сервер", "Виконайте docker compose up --build у теці проєкту",
    "Прем'єра: Dune Part Two у кіно", "Bank of America підвищив прогноз", "The Economist назвав країну року",
    "Financial Times: Трамп готує нові мита", "Out of memory: чому падає сервер",
    "Кліп The Weeknd – Blinding Lights набрав мільярд", "Стартап Ajax Systems відкрив офіс",
    "Лонгрід: From Zero to Hero", "House of the Dragon: другий сезон", "Серіал The Last of Us продовжили",
    "Made in Ukraine: нові виробники", "BBC: Hamas погодився", "Start-up as a service – що це",
    "iPhone 17 Pro Max проти Samsung Galaxy S25 Ultra", "Гра The Witcher 3: Wild Hunt отримала оновлення",
    "Альбом The Dark Side of the Moon знову в чартах", "The New York Times: Україна отримає ракети",
    "Виконайте git clone та cd repo", "Netflix покаже серіал The Crown", "Visa і Mastercard підвищать комісії",
    "Apple Vision Pro: перший огляд", "brew install python: покрокова інструкція", "Game of Thrones повертається",
    "Reuters: ЄС готує 20-й пакет санкцій", "OpenAI представила GPT-6", "Starlink в Україні",
    "Rutube «не підлягає відновленню», The Village",
)  # fmt: skip
RUSSIAN = (
    "Фильм The Substance вышел в прокат", "Запустите команду pip install requests ещё раз",
    "Что нового в Windows 11 for Business", "The Times: Лондон готовит новые санкции",
    "Как настроить git push и pull", "YouTube заблокировал каналы RT и Sputnik",
    "Apple выпустила iOS 19 for developers",
)  # fmt: skip


def test_short_texts_among_names_and_code_are_in_the_language_of_their_words() -> None:
    wrong = {text: found for text, language in TEXTS.items() if (found := detect_language(text)) != language}
    assert wrong == {}


def test_headlines_in_capitals_are_no_names_and_a_credit_says_nothing_of_the_language() -> None:
    told = (
        [(text, "en") for text in ENGLISH] + [(text, "uk") for text in UKRAINIAN] + [(text, "ru") for text in RUSSIAN]
    )
    wrong = {text: found for text, language in told if (found := detect_language(text)) != language}
    assert wrong == {}


def test_a_credit_is_left_aside_only_where_there_is_more_than_that() -> None:
    for text, language in (
        ("Фото: Getty Images", "uk"), ("Foto. Фото: Getty Images", "en"), ("Apple Vision Pro. Відео: як це працює", "uk"),
        ("Дощ. Photo: Getty Images / The Guardian", "uk"), ("Rain In Kyiv.\nФото: Олена Коваль", "en"),
    ):  # fmt: skip
        assert detect_language(text) == language, text


def test_a_long_text_without_a_space_takes_no_longer() -> None:
    assert detect_language("ї" * 200_000) == "uk"
    assert detect_language("it " + '"«(' * 100_000) == "en"
    assert detect_language("Rain. Фото: А" + " а" * 200_000) == "uk"
