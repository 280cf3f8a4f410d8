"""What most questionnaires ask, ready-made in the languages of the house."""

from django.utils.translation import gettext_lazy as _

RATING, TEXT, YES_NO = "RATING", "TEXT", "YES_NO"

# What a new questionnaire is called, by its kind.
TITLES = {
    "FEEDBACK": {
        "en": "How was it?",
        "fr": "Votre avis nous intéresse",
        "es": "Su opinión nos importa",
        "ar": "رأيكم يهمنا",
    },
    "BEFORE": {
        "en": "Before we begin: what do you know already?",
        "fr": "Évaluation initiale : où en êtes-vous ?",
        "es": "Evaluación inicial: ¿qué sabe ya?",
        "ar": "التقييم القبلي: ماذا تعرفون عن الموضوع؟",
    },
    "AFTER": {
        "en": "To finish: what have you learnt?",
        "fr": "Évaluation finale : qu’avez-vous appris ?",
        "es": "Evaluación final: ¿qué ha aprendido?",
        "ar": "التقييم البعدي: ماذا تعلمتم؟",
    },
}

SETS = {
    "event": {
        "name": _("How the event was"),
        "items": [
            {
                **{"kind": RATING, "is_required": True},
                "label": {
                    "en": "Content of the sessions",
                    "fr": "Le contenu des séances",
                    "es": "El contenido de las sesiones",
                    "ar": "مضمون الجلسات",
                },
            },
            {
                **{"kind": RATING, "is_required": True},
                "label": {
                    "en": "Speakers and moderators",
                    "fr": "Les intervenants et les modérateurs",
                    "es": "Los ponentes y moderadores",
                    "ar": "المتحدثون ومديرو الجلسات",
                },
            },
            {
                **{"kind": RATING, "is_required": True},
                "label": {
                    "en": "Organization, before and during the event",
                    "fr": "L’organisation, avant et pendant l’événement",
                    "es": "La organización, antes y durante el evento",
                    "ar": "التنظيم قبل الفعالية وخلالها",
                },
            },
            {
                "kind": RATING,
                "label": {
                    "en": "Interpretation",
                    "fr": "L’interprétation",
                    "es": "La interpretación",
                    "ar": "الترجمة الفورية",
                },
                "help": {
                    "en": "Leave it out if you did not use it.",
                    "fr": "Ne répondez pas si vous ne l’avez pas utilisée.",
                    "es": "No responda si no la ha utilizado.",
                    "ar": "اتركوا هذا السؤال إن لم تستخدموها.",
                },
            },
            {
                "kind": RATING,
                "label": {
                    "en": "Venue and technical equipment",
                    "fr": "Le lieu et les moyens techniques",
                    "es": "El lugar y los medios técnicos",
                    "ar": "المكان والتجهيزات التقنية",
                },
            },
            {
                "kind": TEXT,
                "label": {
                    "en": "What will you use in your own work?",
                    "fr": "Qu’allez-vous mettre en pratique dans votre travail ?",
                    "es": "¿Qué va a aplicar en su trabajo?",
                    "ar": "ما الذي ستستفيدون منه في عملكم؟",
                },
            },
            {
                "kind": TEXT,
                "label": {
                    "en": "What was missing, or should be done better?",
                    "fr": "Qu’est-ce qui a manqué ou pourrait être amélioré ?",
                    "es": "¿Qué faltó o podría mejorarse?",
                    "ar": "ما الذي كان ناقصًا أو يمكن تحسينه؟",
                },
            },
            {
                **{"kind": YES_NO, "is_required": True},
                "label": {
                    "en": "Would you recommend it to a colleague?",
                    "fr": "Le recommanderiez-vous à un collègue ?",
                    "es": "¿Lo recomendaría a un colega?",
                    "ar": "هل توصون به زملاءكم؟",
                },
            },
        ],
    },
    "training": {
        "name": _("How the training was: trainers, exercises, materials"),
        "items": [
            {
                **{"kind": RATING, "is_required": True},
                "label": {"en": "Trainers", "fr": "Les formateurs", "es": "Los formadores", "ar": "المدربون"},
            },
            {
                "kind": RATING,
                "label": {
                    "en": "Exercises and case studies",
                    "fr": "Les exercices et les études de cas",
                    "es": "Los ejercicios y casos prácticos",
                    "ar": "التمارين ودراسات الحالة",
                },
            },
            {
                "kind": RATING,
                "label": {
                    "en": "Training materials",
                    "fr": "Les supports de formation",
                    "es": "Los materiales de formación",
                    "ar": "المواد التدريبية",
                },
            },
            {
                "kind": RATING,
                "label": {
                    "en": "Time for questions and discussion",
                    "fr": "Le temps consacré aux questions et aux échanges",
                    "es": "El tiempo para preguntas y debate",
                    "ar": "الوقت المخصص للأسئلة والنقاش",
                },
            },
        ],
    },
    "self": {
        "name": _("How people see their own knowledge, to be compared before and after"),
        "items": [
            {
                **{"kind": RATING, "is_required": True},
                "label": {
                    "en": "Your knowledge of the subject",
                    "fr": "Votre connaissance du sujet",
                    "es": "Su conocimiento del tema",
                    "ar": "معرفتكم بالموضوع",
                },
            },
            {
                **{"kind": RATING, "is_required": True},
                "label": {
                    "en": "Your ability to apply it in your work",
                    "fr": "Votre capacité à l’appliquer dans votre travail",
                    "es": "Su capacidad para aplicarlo en su trabajo",
                    "ar": "قدرتكم على تطبيقه في عملكم",
                },
            },
        ],
    },
}
