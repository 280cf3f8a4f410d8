"""The questions that most events ask, ready-made in the languages of the house."""

from django.utils.translation import gettext_lazy as _

REGISTRATION, FOLLOW_UP = "REGISTRATION", "FOLLOW_UP"

DIET = {
    "en": "Dietary requirements",
    "fr": "Régime alimentaire",
    "es": "Requisitos alimentarios",
    "ar": "المتطلبات الغذائية",
}
ACCESS = {"en": "Accessibility", "fr": "Accessibilité", "es": "Accesibilidad", "ar": "إمكانية الوصول"}
TRAVEL = {"en": "Travel", "fr": "Voyage", "es": "Viaje", "ar": "السفر"}
VISA = {"en": "Visa and passport", "fr": "Visa et passeport", "es": "Visado y pasaporte", "ar": "التأشيرة وجواز السفر"}
EMERGENCY = {
    "en": "In an emergency",
    "fr": "En cas d’urgence",
    "es": "En caso de emergencia",
    "ar": "في حالات الطوارئ",
}
LISTING = {
    "en": "List of participants",
    "fr": "Liste des participants",
    "es": "Lista de participantes",
    "ar": "قائمة المشاركين",
}
OF_TRAVEL = {"stage": FOLLOW_UP, "section": TRAVEL, "is_travel_data": True}
OF_VISA = {"stage": FOLLOW_UP, "section": VISA, "is_travel_data": True, "only_if": "Do you need a letter for a visa?"}

SETS = {
    "diet": {
        "name": _("Dietary requirements"),
        "questions": [
            {
                **{"stage": FOLLOW_UP, "section": DIET, "kind": "CHOICES"},
                "label": {
                    "en": "What should the kitchen know?",
                    "fr": "Que doit savoir la cuisine ?",
                    "es": "¿Qué debe saber la cocina?",
                    "ar": "ما الذي ينبغي أن يعرفه المطبخ؟",
                },
                "options": [
                    {"en": "Vegetarian", "fr": "Végétarien", "es": "Vegetariano", "ar": "نباتي"},
                    {"en": "Vegan", "fr": "Végane", "es": "Vegano", "ar": "نباتي صرف"},
                    {"en": "Halal", "fr": "Halal", "es": "Halal", "ar": "حلال"},
                    {"en": "Kosher", "fr": "Casher", "es": "Kosher", "ar": "كوشير"},
                    {"en": "Without gluten", "fr": "Sans gluten", "es": "Sin gluten", "ar": "خالٍ من الغلوتين"},
                    {"en": "Without lactose", "fr": "Sans lactose", "es": "Sin lactosa", "ar": "خالٍ من اللاكتوز"},
                ],
            },
            {
                **{"stage": FOLLOW_UP, "section": DIET, "kind": "TEXT"},
                "label": {
                    "en": "Allergies or anything else about food",
                    "fr": "Allergies, ou autre chose sur les repas",
                    "es": "Alergias u otra indicación sobre las comidas",
                    "ar": "الحساسية أو أي شيء آخر يتعلق بالطعام",
                },
            },
        ],
    },
    "access": {
        "name": _("Accessibility"),
        "questions": [
            {
                **{"stage": FOLLOW_UP, "section": ACCESS, "kind": "LONG_TEXT"},
                "label": {
                    "en": "What do you need in order to take part fully?",
                    "fr": "De quoi avez-vous besoin pour participer pleinement ?",
                    "es": "¿Qué necesita para participar plenamente?",
                    "ar": "ما الذي تحتاجون إليه للمشاركة الكاملة؟",
                },
                "help": {
                    "en": "For example a wheelchair place, a hearing loop, sign language, large print.",
                    "fr": "Par exemple une place pour fauteuil roulant, une boucle magnétique, la langue des signes.",
                    "es": "Por ejemplo, un lugar para silla de ruedas, bucle magnético, lengua de señas, letra grande.",
                    "ar": "مثلاً مكان لكرسي متحرك، أو حلقة سمعية، أو لغة الإشارة، أو طباعة كبيرة.",
                },
            },
        ],
    },
    "travel": {
        "name": _("Travel: arrival and departure with flight"),
        "questions": [
            {
                **{**OF_TRAVEL, "kind": "DATE", "is_required": True},
                "label": {"en": "Arrival", "fr": "Arrivée", "es": "Llegada", "ar": "الوصول"},
            },
            {
                **{**OF_TRAVEL, "kind": "TEXT"},
                "label": {
                    "en": "Arrival: flight or train, and the hour",
                    "fr": "Arrivée : vol ou train, et l’heure",
                    "es": "Llegada: vuelo o tren, y la hora",
                    "ar": "الوصول: الرحلة الجوية أو القطار، والساعة",
                },
            },
            {
                **{**OF_TRAVEL, "kind": "DATE", "is_required": True},
                "label": {"en": "Departure", "fr": "Départ", "es": "Salida", "ar": "المغادرة"},
            },
            {
                **{**OF_TRAVEL, "kind": "TEXT"},
                "label": {
                    "en": "Departure: flight or train, and the hour",
                    "fr": "Départ : vol ou train, et l’heure",
                    "es": "Salida: vuelo o tren, y la hora",
                    "ar": "المغادرة: الرحلة الجوية أو القطار، والساعة",
                },
            },
        ],
    },
    "visa": {
        "name": _("Visa and passport"),
        "questions": [
            {
                **{"stage": FOLLOW_UP, "section": VISA, "kind": "YES_NO", "is_required": True, "is_travel_data": True},
                "label": {
                    "en": "Do you need a letter for a visa?",
                    "fr": "Avez-vous besoin d’une lettre pour un visa ?",
                    "es": "¿Necesita una carta para un visado?",
                    "ar": "هل تحتاجون إلى رسالة للحصول على تأشيرة؟",
                },
            },
            {
                **{**OF_VISA, "kind": "TEXT", "is_required": True, "asks_approval_again": True},
                "label": {
                    "en": "Name as it stands in the passport",
                    "fr": "Nom tel qu’il figure dans le passeport",
                    "es": "Nombre tal como figura en el pasaporte",
                    "ar": "الاسم كما هو في جواز السفر",
                },
            },
            {
                **{**OF_VISA, "kind": "TEXT", "is_required": True},
                "label": {
                    "en": "Number of the passport",
                    "fr": "Numéro du passeport",
                    "es": "Número del pasaporte",
                    "ar": "رقم جواز السفر",
                },
            },
            {
                **{**OF_VISA, "kind": "DATE", "is_required": True},
                "label": {
                    "en": "The passport is valid until",
                    "fr": "Le passeport est valable jusqu’au",
                    "es": "El pasaporte es válido hasta",
                    "ar": "جواز السفر صالح حتى",
                },
            },
            {
                **{**OF_VISA, "kind": "COUNTRY", "is_required": True},
                "label": {"en": "Nationality", "fr": "Nationalité", "es": "Nacionalidad", "ar": "الجنسية"},
            },
        ],
    },
    "emergency": {
        "name": _("Emergency contact"),
        "questions": [
            {
                **{"stage": FOLLOW_UP, "section": EMERGENCY, "kind": "TEXT", "is_travel_data": True},
                "label": {
                    "en": "Whom may we call in an emergency? Name and telephone",
                    "fr": "Qui pouvons-nous appeler en cas d’urgence ? Nom et téléphone",
                    "es": "¿A quién podemos llamar en caso de emergencia? Nombre y teléfono",
                    "ar": "بمن يمكننا الاتصال في حالات الطوارئ؟ الاسم والهاتف",
                },
            },
        ],
    },
    "listing": {
        "name": _("Consent to be listed"),
        "questions": [
            {
                **{"stage": REGISTRATION, "section": LISTING, "kind": "LISTING", "is_required": True},
                "label": {
                    "en": "May we list your name, position and organization?",
                    "fr": "Pouvons-nous faire figurer votre nom, votre fonction et votre organisation ?",
                    "es": "¿Podemos incluir su nombre, su cargo y su organización?",
                    "ar": "هل يمكننا إدراج اسمكم ومنصبكم ومنظمتكم؟",
                },
                "help": {
                    "en": "You can change this at any time on this page.",
                    "fr": "Vous pouvez le modifier à tout moment sur cette page.",
                    "es": "Puede cambiarlo en cualquier momento en esta página.",
                    "ar": "يمكنكم تغيير ذلك في أي وقت على هذه الصفحة.",
                },
            },
        ],
    },
}
