"""Fields that keep sentences by what they are made of, so that whoever reads them reads their own language."""

import json

from django.db import models

from network.sentences import Sentence, kept, said


class SentenceField(models.TextField):
    """One sentence, or a text as it is."""

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        is_kept = isinstance(value, str) and value.startswith('{"text": ')
        return said(json.loads(value)) if is_kept else value

    def get_prep_value(self, value):
        return json.dumps(kept(value), ensure_ascii=False) if isinstance(value, Sentence) else value

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))


class SentencesField(models.JSONField):
    """A list of them."""

    def from_db_value(self, value, expression, connection):
        return said(super().from_db_value(value, expression, connection))

    def get_prep_value(self, value):
        return super().get_prep_value(kept(value))

    def value_to_string(self, obj):
        return kept(self.value_from_object(obj))
