"""The topics a newsroom starts with, and which of them a text seems to belong to."""

from collections import Counter
from functools import cache

from bot.model.news import Terms, Topic
from bot.relevance.lemmas import lemma_of, tokens

MOST_PROPOSED = 2

_START = (
    ("war", "🛡", "Війна", "War",
     "фронт оборона військовий збройний зсу окупант обстріл ракета дрон шахед ппо генштаб бригада мобілізація "
     "контрнаступ тривога вибух полонений окупація загарбник артилерія снаряд боєзіткнення деокупація",
     "war front army military missile drone shelling troops brigade airstrike ceasefire frontline occupied defense"),
    ("politics", "🏛", "Політика", "Politics",
     "президент рада верховний парламент депутат уряд міністр закон законопроєкт вибори партія фракція прем'єр "
     "голосування комітет кабмін санкція посол переговори відставка указ реформа",
     "president parliament minister government law election vote party cabinet senate congress sanctions diplomat"),
    ("economy", "💶", "Економіка", "Economy",
     "економіка гривня долар курс банк нбу бюджет інфляція податок експорт імпорт ввп ціна тариф інвестиція ринок "
     "бізнес компанія кредит мвф експортер підприємство врожай зерно пенсія зарплата",
     "economy budget inflation bank market stocks trade tax export investment company profit prices currency fed"),
    ("world", "🌍", "Світ", "World",
     "євросоюз єс нато сша європейський китай німеччина франція польща британія саміт оон брюссель вашингтон трамп "
     "байден міжнародний світовий",
     "eu nato china germany france poland britain summit un brussels washington international foreign embassy"),
    ("society", "👥", "Суспільство", "Society",
     "школа університет освіта вчитель студент допомога волонтер переселенець громада дитина пенсіонер соціальний "
     "місто мешканець будинок вулиця транспорт метро світло вода",
     "school university education teacher community volunteers residents housing children refugees pension welfare"),
    ("incidents", "🚨", "Події", "Incidents",
     "поліція дтп аварія пожежа загинути поранити постраждалий рятувальник слідчий підозра суд затримати вбивство "
     "злочин кримінальний дснс розшук",
     "police fire crash accident killed injured rescue court arrested suspect murder crime investigation"),
    ("tech", "💻", "Технології", "Technology",
     "технологія штучний інтелект google apple смартфон додаток програма сервіс кібератака супутник starlink стартап "
     "комп'ютер інтернет робот космос",
     "technology ai artificial intelligence google apple smartphone app software startup cyberattack satellite robot"),
    ("sport", "⚽", "Спорт", "Sport",
     "футбол матч чемпіонат збірна тренер гравець гол ліга боксер усик теніс олімпійський медаль динамо шахтар турнір "
     "спортсмен",
     "football match championship team coach player goal league tennis olympic medal tournament cup boxing"),
    ("culture", "🎭", "Культура", "Culture",
     "фільм кіно театр музей книга письменник концерт співак режисер виставка фестиваль мистецтво художник музика "
     "прем'єра актор євробачення",
     "film movie theatre museum book writer concert singer director exhibition festival art music actor"),
    ("health", "🩺", "Здоров’я", "Health",
     "лікар лікарня медицина хвороба вакцина вірус пацієнт здоров'я моз ліки епідемія грип рак операція",
     "doctor hospital medicine disease vaccine virus patients health drug epidemic flu cancer surgery"),
    ("science", "🔬", "Наука", "Science",
     "вчений дослідження наука відкриття експеримент клімат археолог фізик біолог планета астроном",
     "scientists study research discovery climate experiment physics biology planet astronomers species"),
    ("weather", "🌦", "Погода", "Weather",
     "погода сніг дощ мороз спека вітер синоптик температура гроза туман ожеледиця укргідрометцентр опади",
     "weather snow rain frost heat wind forecast temperature storm fog"),
)  # fmt: skip

START_TOPICS = tuple(Topic(0, slug, {"uk": uk, "en": en}, emoji) for slug, emoji, uk, en, _, _ in _START)


def propose_slugs(terms: Terms) -> list[str]:
    """Return the slugs of up to two of the topics a newsroom starts with, the likeliest first; none when in doubt."""
    counted = Counter(terms.body)
    for word, times in terms.lead.items():
        counted[word] += 2 * times
    for word, times in terms.title.items():
        counted[word] += 3 * times
    scores = [
        (sum(min(counted[word], 5) for word in seeds if word in counted), slug) for slug, seeds in _seeds().items()
    ]
    ranked = sorted((pair for pair in scores if pair[0] >= 3), key=lambda pair: -pair[0])
    if not ranked:
        return []
    best = ranked[0][0]
    return [slug for score, slug in ranked[:MOST_PROPOSED] if score * 2 >= best]


@cache
def _seeds() -> dict[str, frozenset[str]]:
    return {
        slug: frozenset(
            [lemma_of(word, "uk") for word in tokens(ukrainian)] + [lemma_of(word, "en") for word in tokens(english)]
        )
        for slug, _, _, _, ukrainian, english in _START
    }
