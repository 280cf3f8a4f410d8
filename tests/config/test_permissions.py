"""Who gets which answer at which address: one table, and every address of the house has its row.

A cell is the status of the answer, or where a redirect leads: `sign-in` is the sign-in page, `home` is Wagtail's way
to say no (its first page, with a sentence), `->` is anywhere else. A row is asked for with GET; one that begins with
POST with an empty form, which permits nothing that a full one does not. Of Wagtail's own addresses those stand here
that need no argument; a walk over all that is below /admin/ follows the table.
"""

import re
from collections.abc import Iterator
from copy import copy
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.roles import ROLES
from contacts.models import DuplicatePair, Interaction, Merge, Task, User
from events.models import Invitation
from network.models import CountryGroup, Desk, Organization, Relationship
from tests.conftest import PASSWORD, person, staff

VIEWERS = ["anonymous", "no role", *(role.name for role in ROLES)]

TABLE = """
# address                               anon.    no role  admin    network  organiz  legal    editor   desk     reader
events:event_detail                     200      200      200      200      200      200      200      200      200
events:event_programme                  200      200      200      200      200      200      200      200      200
events:session_detail                   200      200      200      200      200      200      200      200      200
events:event_feed                       200      200      200      200      200      200      200      200      200
events:programme_feed                   200      200      200      200      200      200      200      200      200
events:session_feed                     200      200      200      200      200      200      200      200      200
events:personal_feed                    200      200      200      200      200      200      200      200      200
events:invitation_reply                 200      200      200      200      200      200      200      200      200
POST events:invitation_reply            422      422      422      422      422      422      422      422      422
events:feed_create                      405      405      405      405      405      405      405      405      405
POST events:feed_create                 201      201      201      201      201      201      201      201      201
events:feed_revoke                      405      405      405      405      405      405      405      405      405
POST events:feed_revoke                 ->       ->       ->       ->       ->       ->       ->       ->       ->
picture                                 404      404      404      404      404      404      404      404      404

account_login                           200      ->       home     home     home     home     home     home     home
account_logout                          ->       200      200      200      200      200      200      200      200
account_inactive                        200      200      200      200      200      200      200      200      200
account_signup                          200      ->       home     home     home     home     home     home     home
account_reauthenticate                  sign-in  403      200      200      200      200      200      200      200
account_email                           sign-in  200      200      200      200      200      200      200      200
account_email_verification_sent         200      200      200      200      200      200      200      200      200
account_change_password                 sign-in  ->       200      200      200      200      200      200      200
account_set_password                    sign-in  200      ->       ->       ->       ->       ->       ->       ->
account_reset_password                  200      200      200      200      200      200      200      200      200
account_confirm_login_code              sign-in  ->       home     home     home     home     home     home     home
account_confirm_email                   200      200      200      200      200      200      200      200      200
account_reset_password_from_key_done    200      200      200      200      200      200      200      200      200
account_reset_password_from_key         200      200      200      200      200      200      200      200      200
account_reset_password_done             200      200      200      200      200      200      200      200      200

event:index                             sign-in  sign-in  200      200      200      200      200      200      200
event:index_results                     sign-in  sign-in  200      200      200      200      200      200      200
event:add                               sign-in  sign-in  200      home     200      home     home     home     home
POST event:add                          sign-in  sign-in  200      home     200      home     home     home     home
event:edit                              sign-in  sign-in  200      home     200      home     home     home     home
POST event:edit                         sign-in  sign-in  200      home     200      home     home     home     home
event:delete                            sign-in  sign-in  home     home     home     home     home     home     home
POST event:delete                       sign-in  sign-in  home     home     home     home     home     home     home
event:history                           sign-in  sign-in  200      home     200      home     home     home     home
event:history_results                   sign-in  sign-in  200      home     200      home     home     home     home
event:usage                             sign-in  sign-in  200      home     200      home     home     home     home
event:desk                              sign-in  sign-in  200      200      200      200      200      200      200
event:announce                          sign-in  sign-in  405      home     405      home     home     home     home
POST event:announce                     sign-in  sign-in  ->       home     ->       home     home     home     home
event:publish                           sign-in  sign-in  405      home     405      home     home     home     home
POST event:publish                      sign-in  sign-in  ->       home     ->       home     home     home     home
event:reschedule                        sign-in  sign-in  200      home     200      home     home     home     home
POST event:reschedule                   sign-in  sign-in  200      home     200      home     home     home     home
event:cancel                            sign-in  sign-in  200      home     200      home     home     home     home
POST event:cancel                       sign-in  sign-in  ->       home     ->       home     home     home     home
event:seats                             sign-in  sign-in  200      home     200      home     home     home     home
POST event:seats                        sign-in  sign-in  ->       home     ->       home     home     home     home
event:letters                           sign-in  sign-in  200      home     200      home     home     home     home
POST event:letters                      sign-in  sign-in  ->       home     ->       home     home     home     home
event:look_again                        sign-in  sign-in  405      home     405      home     home     home     home
POST event:look_again                   sign-in  sign-in  ->       home     ->       home     home     home     home
event:invite                            sign-in  sign-in  200      home     200      home     home     home     home
POST event:invite                       sign-in  sign-in  ->       home     ->       home     home     home     home
event:invite_results                    sign-in  sign-in  200      home     200      home     home     home     home
session:index                           sign-in  sign-in  200      200      200      200      200      200      200
session:index_results                   sign-in  sign-in  200      200      200      200      200      200      200
session:add                             sign-in  sign-in  200      home     200      home     home     home     home
POST session:add                        sign-in  sign-in  200      home     200      home     home     home     home
session:edit                            sign-in  sign-in  200      home     200      home     home     home     home
POST session:edit                       sign-in  sign-in  200      home     200      home     home     home     home
session:delete                          sign-in  sign-in  200      home     200      home     home     home     home
POST session:delete                     sign-in  sign-in  ->       home     ->       home     home     home     home
session:history                         sign-in  sign-in  200      home     200      home     home     home     home
session:history_results                 sign-in  sign-in  200      home     200      home     home     home     home
session:usage                           sign-in  sign-in  200      home     200      home     home     home     home
venue:index                             sign-in  sign-in  200      200      200      200      home     home     200
venue:index_results                     sign-in  sign-in  200      200      200      200      home     home     200
venue:add                               sign-in  sign-in  200      home     200      home     home     home     home
POST venue:add                          sign-in  sign-in  200      home     200      home     home     home     home
venue:edit                              sign-in  sign-in  200      home     200      home     home     home     home
POST venue:edit                         sign-in  sign-in  200      home     200      home     home     home     home
venue:delete                            sign-in  sign-in  200      home     200      home     home     home     home
POST venue:delete                       sign-in  sign-in  ->       home     ->       home     home     home     home
venue:history                           sign-in  sign-in  200      home     200      home     home     home     home
venue:history_results                   sign-in  sign-in  200      home     200      home     home     home     home
venue:usage                             sign-in  sign-in  200      home     200      home     home     home     home
invitation:index                        sign-in  sign-in  200      200      200      200      home     200      200
invitation:index_results                sign-in  sign-in  200      200      200      200      home     200      200
invitation:delete                       sign-in  sign-in  home     home     home     home     home     home     home
POST invitation:delete                  sign-in  sign-in  home     home     home     home     home     home     home
invitation:history                      sign-in  sign-in  200      home     200      home     home     home     home
invitation:history_results              sign-in  sign-in  200      home     200      home     home     home     home
invitation:inspect                      sign-in  sign-in  200      200      200      200      home     200      200
invitation:answer                       sign-in  sign-in  405      home     405      home     home     home     home
POST invitation:answer                  sign-in  sign-in  ->       home     ->       home     home     home     home
invitation:withdraw                     sign-in  sign-in  405      home     405      home     home     home     home
POST invitation:withdraw                sign-in  sign-in  ->       home     ->       home     home     home     home
registration:index                      sign-in  sign-in  200      200      200      200      home     200      200
registration:index_results              sign-in  sign-in  200      200      200      200      home     200      200
registration:history                    sign-in  sign-in  200      home     200      home     home     home     home
registration:history_results            sign-in  sign-in  200      home     200      home     home     home     home
person:index                            sign-in  sign-in  200      200      200      200      home     200      200
person:index_results                    sign-in  sign-in  200      200      200      200      home     200      200
person:add                              sign-in  sign-in  200      200      200      home     home     home     home
POST person:add                         sign-in  sign-in  200      200      200      home     home     home     home
person:edit                             sign-in  sign-in  200      200      200      home     home     home     home
POST person:edit                        sign-in  sign-in  200      200      200      home     home     home     home
person:delete                           sign-in  sign-in  200      200      200      home     home     home     home
POST person:delete                      sign-in  sign-in  ->       ->       ->       home     home     home     home
person:history                          sign-in  sign-in  200      200      200      200      home     200      200
person:history_results                  sign-in  sign-in  200      200      200      200      home     200      200
person:usage                            sign-in  sign-in  200      200      200      home     home     home     home
person:inspect                          sign-in  sign-in  200      200      200      200      home     200      200
message:index                           sign-in  sign-in  200      200      200      home     home     home     home
message:index_results                   sign-in  sign-in  200      200      200      home     home     home     home
message:add                             sign-in  sign-in  home     home     home     home     home     home     home
POST message:add                        sign-in  sign-in  home     home     home     home     home     home     home
message:edit                            sign-in  sign-in  home     home     home     home     home     home     home
POST message:edit                       sign-in  sign-in  home     home     home     home     home     home     home
message:delete                          sign-in  sign-in  home     home     home     home     home     home     home
POST message:delete                     sign-in  sign-in  home     home     home     home     home     home     home
message:history                         sign-in  sign-in  200      200      200      home     home     home     home
message:history_results                 sign-in  sign-in  200      200      200      home     home     home     home
message:usage                           sign-in  sign-in  home     home     home     home     home     home     home
message:inspect                         sign-in  sign-in  200      200      200      home     home     home     home
message:send_again                      sign-in  sign-in  405      405      405      405      405      405      405
POST message:send_again                 sign-in  sign-in  ->       home     ->       home     home     home     home
person_chooser:choose                   sign-in  sign-in  200      200      200      200      home     200      200
person_chooser:choose_results           sign-in  sign-in  200      200      200      200      home     200      200
person_chooser:chosen                   sign-in  sign-in  200      200      200      200      home     200      200
person_chooser:chosen_multiple          sign-in  sign-in  200      200      200      200      home     200      200
person_chooser:create                   sign-in  sign-in  200      200      200      home     home     home     home
organization:index                      sign-in  sign-in  200      200      200      200      home     home     200
organization:index_results              sign-in  sign-in  200      200      200      200      home     home     200
organization:add                        sign-in  sign-in  200      200      home     home     home     home     home
POST organization:add                   sign-in  sign-in  200      200      home     home     home     home     home
organization:edit                       sign-in  sign-in  200      200      home     home     home     home     home
POST organization:edit                  sign-in  sign-in  200      200      home     home     home     home     home
organization:delete                     sign-in  sign-in  200      200      home     home     home     home     home
POST organization:delete                sign-in  sign-in  ->       ->       home     home     home     home     home
organization:history                    sign-in  sign-in  200      200      200      200      home     home     200
organization:history_results            sign-in  sign-in  200      200      200      200      home     home     200
organization:usage                      sign-in  sign-in  200      200      home     home     home     home     home
organization:inspect                    sign-in  sign-in  200      200      200      200      home     home     200
country:index                           sign-in  sign-in  200      200      200      200      home     home     200
country:index_results                   sign-in  sign-in  200      200      200      200      home     home     200
country:add                             sign-in  sign-in  home     home     home     home     home     home     home
POST country:add                        sign-in  sign-in  home     home     home     home     home     home     home
country:edit                            sign-in  sign-in  200      200      home     home     home     home     home
POST country:edit                       sign-in  sign-in  ->       ->       home     home     home     home     home
country:delete                          sign-in  sign-in  home     home     home     home     home     home     home
POST country:delete                     sign-in  sign-in  home     home     home     home     home     home     home
country:history                         sign-in  sign-in  200      200      200      200      home     home     200
country:history_results                 sign-in  sign-in  200      200      200      200      home     home     200
country:usage                           sign-in  sign-in  200      200      home     home     home     home     home
country:inspect                         sign-in  sign-in  200      200      200      200      home     home     200
countrygroup:index                      sign-in  sign-in  200      200      200      200      home     home     200
countrygroup:index_results              sign-in  sign-in  200      200      200      200      home     home     200
countrygroup:add                        sign-in  sign-in  200      200      home     home     home     home     home
POST countrygroup:add                   sign-in  sign-in  200      200      home     home     home     home     home
countrygroup:edit                       sign-in  sign-in  200      200      home     home     home     home     home
POST countrygroup:edit                  sign-in  sign-in  200      200      home     home     home     home     home
countrygroup:delete                     sign-in  sign-in  200      200      home     home     home     home     home
POST countrygroup:delete                sign-in  sign-in  ->       ->       home     home     home     home     home
countrygroup:history                    sign-in  sign-in  200      200      200      200      home     home     200
countrygroup:history_results            sign-in  sign-in  200      200      200      200      home     home     200
countrygroup:usage                      sign-in  sign-in  200      200      home     home     home     home     home
countrygroup:inspect                    sign-in  sign-in  200      200      200      200      home     home     200
topic:index                             sign-in  sign-in  200      200      200      200      home     home     200
topic:index_results                     sign-in  sign-in  200      200      200      200      home     home     200
topic:add                               sign-in  sign-in  200      200      home     200      home     home     home
POST topic:add                          sign-in  sign-in  200      200      home     200      home     home     home
topic:edit                              sign-in  sign-in  200      200      home     200      home     home     home
POST topic:edit                         sign-in  sign-in  200      200      home     200      home     home     home
topic:delete                            sign-in  sign-in  200      200      home     200      home     home     home
POST topic:delete                       sign-in  sign-in  ->       ->       home     ->       home     home     home
topic:history                           sign-in  sign-in  200      200      200      200      home     home     200
topic:history_results                   sign-in  sign-in  200      200      200      200      home     home     200
topic:usage                             sign-in  sign-in  200      200      home     200      home     home     home
topic:inspect                           sign-in  sign-in  200      200      200      200      home     home     200
relationship:index                      sign-in  sign-in  200      200      200      200      home     home     200
relationship:index_results              sign-in  sign-in  200      200      200      200      home     home     200
relationship:history                    sign-in  sign-in  200      200      200      200      home     home     200
relationship:history_results            sign-in  sign-in  200      200      200      200      home     home     200
relationship:inspect                    sign-in  sign-in  200      200      200      200      home     home     200
relationship:add                        sign-in  sign-in  200      200      home     home     home     home     home
relationship:edit                       sign-in  sign-in  200      200      home     home     home     home     home
relationship:delete                     sign-in  sign-in  200      200      home     home     home     home     home
relationship:usage                      sign-in  sign-in  200      200      home     home     home     home     home
POST relationship:add                   sign-in  sign-in  200      200      home     home     home     home     home
POST relationship:edit                  sign-in  sign-in  200      200      home     home     home     home     home
POST relationship:delete                sign-in  sign-in  ->       ->       home     home     home     home     home
person:merge                            sign-in  sign-in  200      200      200      home     home     home     home
POST person:merge                       sign-in  sign-in  200      200      200      home     home     home     home
person:unmerge                          sign-in  sign-in  405      405      405      405      405      405      405
POST person:unmerge                     sign-in  sign-in  ->       ->       ->       home     home     home     home
coverage:index                          sign-in  sign-in  200      200      200      200      home     200      200
duplicatepair:index                     sign-in  sign-in  200      200      200      home     home     home     home
duplicatepair:index_results             sign-in  sign-in  200      200      200      home     home     home     home
duplicatepair:history                   sign-in  sign-in  200      200      200      home     home     home     home
duplicatepair:history_results           sign-in  sign-in  200      200      200      home     home     home     home
duplicatepair:inspect                   sign-in  sign-in  ->       ->       ->       home     home     home     home
duplicatepair:add                       sign-in  sign-in  home     home     home     home     home     home     home
POST duplicatepair:add                  sign-in  sign-in  home     home     home     home     home     home     home
duplicatepair:edit                      sign-in  sign-in  home     home     home     home     home     home     home
POST duplicatepair:edit                 sign-in  sign-in  home     home     home     home     home     home     home
duplicatepair:delete                    sign-in  sign-in  home     home     home     home     home     home     home
POST duplicatepair:delete               sign-in  sign-in  home     home     home     home     home     home     home
duplicatepair:usage                     sign-in  sign-in  home     home     home     home     home     home     home
duplicatepair:scan                      sign-in  sign-in  405      405      405      home     home     home     home
POST duplicatepair:scan                 sign-in  sign-in  ->       ->       ->       home     home     home     home
duplicatepair:keep_apart                sign-in  sign-in  405      405      405      home     home     home     home
POST duplicatepair:keep_apart           sign-in  sign-in  ->       ->       ->       home     home     home     home
organization_chooser:choose             sign-in  sign-in  200      200      200      200      home     home     200
organization_chooser:choose_results     sign-in  sign-in  200      200      200      200      home     home     200
organization_chooser:chosen             sign-in  sign-in  200      200      200      200      home     home     200
organization_chooser:chosen_multiple    sign-in  sign-in  200      200      200      200      home     home     200
organization_chooser:create             sign-in  sign-in  200      200      home     home     home     home     home
interaction:index                       sign-in  sign-in  200      200      200      200      home     home     200
interaction:index_results               sign-in  sign-in  200      200      200      200      home     home     200
interaction:inspect                     sign-in  sign-in  200      200      200      200      home     home     200
interaction:history                     sign-in  sign-in  200      200      200      200      home     home     200
interaction:history_results             sign-in  sign-in  200      200      200      200      home     home     200
interaction:who                         sign-in  sign-in  200      200      200      200      home     home     200
interaction:add                         sign-in  sign-in  200      200      200      home     home     home     home
POST interaction:add                    sign-in  sign-in  200      200      200      home     home     home     home
interaction:edit                        sign-in  sign-in  200      200      200      home     home     home     home
POST interaction:edit                   sign-in  sign-in  200      200      200      home     home     home     home
interaction:delete                      sign-in  sign-in  200      200      200      home     home     home     home
POST interaction:delete                 sign-in  sign-in  ->       ->       ->       home     home     home     home
interaction:usage                       sign-in  sign-in  200      200      200      home     home     home     home
task:index                              sign-in  sign-in  200      200      200      200      home     home     200
task:index_results                      sign-in  sign-in  200      200      200      200      home     home     200
task:inspect                            sign-in  sign-in  200      200      200      200      home     home     200
task:history                            sign-in  sign-in  200      200      200      200      home     home     200
task:history_results                    sign-in  sign-in  200      200      200      200      home     home     200
task:who                                sign-in  sign-in  200      200      200      200      home     home     200
task:add                                sign-in  sign-in  200      200      200      home     home     home     home
POST task:add                           sign-in  sign-in  200      200      200      home     home     home     home
task:edit                               sign-in  sign-in  200      200      200      home     home     home     home
POST task:edit                          sign-in  sign-in  200      200      200      home     home     home     home
task:delete                             sign-in  sign-in  200      200      200      home     home     home     home
POST task:delete                        sign-in  sign-in  ->       ->       ->       home     home     home     home
task:usage                              sign-in  sign-in  200      200      200      home     home     home     home
task:finish                             sign-in  sign-in  405      405      405      405      405      405      405
POST task:finish                        sign-in  sign-in  ->       ->       ->       home     home     home     home
task:take_up_again                      sign-in  sign-in  405      405      405      405      405      405      405
POST task:take_up_again                 sign-in  sign-in  ->       ->       ->       home     home     home     home
person:timeline                         sign-in  sign-in  200      200      200      200      home     200      200
organization:timeline                   sign-in  sign-in  200      200      200      200      home     home     200
country:timeline                        sign-in  sign-in  200      200      200      200      home     home     200
organization:who                        sign-in  sign-in  200      200      200      200      home     home     200
person:who                              sign-in  sign-in  200      200      200      200      home     200      200
relationship:who                        sign-in  sign-in  200      200      200      200      home     home     200
duplicatepair:who                       sign-in  sign-in  200      200      200      home     home     home     home
message:who                             sign-in  sign-in  200      200      200      home     home     home     home
countrydesk:index                       sign-in  sign-in  200      200      home     home     home     home     home
countrydesk:index_results               sign-in  sign-in  200      200      home     home     home     home     home
countrydesk:add                         sign-in  sign-in  200      home     home     home     home     home     home
POST countrydesk:add                    sign-in  sign-in  200      home     home     home     home     home     home
countrydesk:edit                        sign-in  sign-in  200      home     home     home     home     home     home
POST countrydesk:edit                   sign-in  sign-in  200      home     home     home     home     home     home
countrydesk:delete                      sign-in  sign-in  200      home     home     home     home     home     home
POST countrydesk:delete                 sign-in  sign-in  ->       home     home     home     home     home     home
countrydesk:history                     sign-in  sign-in  200      200      home     home     home     home     home
countrydesk:history_results             sign-in  sign-in  200      200      home     home     home     home     home
countrydesk:usage                       sign-in  sign-in  200      home     home     home     home     home     home
countrydesk:inspect                     sign-in  sign-in  200      200      home     home     home     home     home

wagtailadmin_home                       sign-in  sign-in  200      200      200      200      200      200      200
wagtailadmin_explore_root               sign-in  sign-in  200      home     200      200      200      home     home
wagtailadmin_pages:search               sign-in  sign-in  200      home     200      200      200      home     home
wagtailadmin_collections:index          sign-in  sign-in  home     home     home     home     home     home     home
wagtailadmin_collections:add            sign-in  sign-in  home     home     home     home     home     home     home
wagtailadmin_workflows:index            sign-in  sign-in  200      home     home     home     home     home     home
wagtailadmin_workflows:add              sign-in  sign-in  200      home     home     home     home     home     home
wagtailadmin_workflows:select_task_type  sign-in  sign-in  ->       home     home     home     home     home     home
wagtailadmin_workflows:task_index       sign-in  sign-in  200      home     home     home     home     home     home
wagtailadmin_reports:locked_pages       sign-in  sign-in  200      home     home     home     home     home     home
wagtailadmin_reports:workflow           sign-in  sign-in  200      home     200      200      200      home     home
wagtailadmin_reports:workflow_tasks     sign-in  sign-in  200      home     200      200      200      home     home
wagtailadmin_reports:site_history       sign-in  sign-in  200      200      200      200      200      200      200
wagtailadmin_reports:aging_pages        sign-in  sign-in  200      home     200      200      200      home     home
wagtailadmin_reports:page_types_usage   sign-in  sign-in  200      home     200      200      200      home     home
wagtailadmin_account                    sign-in  sign-in  200      200      200      200      200      200      200
wagtailadmin_logout                     sign-in  sign-in  405      405      405      405      405      405      405
wagtailredirects:index                  sign-in  sign-in  200      home     home     home     home     home     home
wagtailredirects:add                    sign-in  sign-in  200      home     home     home     home     home     home
wagtailredirects:start_import           sign-in  sign-in  200      home     home     home     home     home     home
wagtailredirects:process_import         sign-in  sign-in  405      home     home     home     home     home     home
wagtailsnippets:index                   sign-in  sign-in  home     home     home     home     home     home     home
wagtaildocs:index                       sign-in  sign-in  200      home     200      200      200      home     home
wagtaildocs:add                         sign-in  sign-in  200      home     200      200      200      home     home
wagtailimages:index                     sign-in  sign-in  200      home     200      200      200      home     home
wagtailimages:add                       sign-in  sign-in  200      home     200      200      200      home     home
wagtaillocales:index                    sign-in  sign-in  200      home     home     home     home     home     home
wagtaillocales:add                      sign-in  sign-in  200      home     home     home     home     home     home
wagtailsites:index                      sign-in  sign-in  200      home     home     home     home     home     home
wagtailsites:add                        sign-in  sign-in  200      home     home     home     home     home     home
wagtailusers_users:index                sign-in  sign-in  200      home     home     home     home     home     home
wagtailusers_users:add                  sign-in  sign-in  200      home     home     home     home     home     home
wagtailusers_groups:index               sign-in  sign-in  home     home     home     home     home     home     home
wagtailusers_groups:add                 sign-in  sign-in  home     home     home     home     home     home     home
wagtailadmin_login                      sign-in  403      home     home     home     home     home     home     home
wagtailadmin_password_reset             ->       ->       ->       ->       ->       ->       ->       ->       ->
wagtailcore_login                       sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in  sign-in
"""

ROWS = {
    row[0]: dict(zip(VIEWERS, row[1:], strict=True))
    for row in (re.split(r"\s{2,}", line.strip()) for line in TABLE.splitlines() if line and line[0] != "#")
}
# Parts of Wagtail's pages that have no look of their own, and a page that fails on purpose.
PARTS = re.compile(
    "_results$|choose|_api:|embeds:|error_test|autocomplete|password_reset_(done|complete)|catalog|sprite"
    "|translations_report|dismissibles|preview|add_multiple"
)


def walk(patterns, space: str = "", path: str = "") -> Iterator[tuple[str, str]]:
    """Name and pattern of every address below `patterns`."""
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, f"{space}{pattern.namespace}:" if pattern.namespace else space, here)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name, here


def is_wagtails(name: str) -> bool:
    return name.startswith("wagtail")


def expected_rows() -> set[str]:
    """Every named address of ours, and Wagtail's pages that need no argument."""
    return {name for name, path in walk(get_resolver().url_patterns) if not is_wagtails(name) or is_page(name, path)}


def is_page(name: str, path: str) -> bool:
    return not (PARTS.search(name) or re.search(r"[<(]", path))


@pytest.fixture
def arguments(db, forum, sessions, pavel, tobacco, customs, olga) -> dict[str, list]:
    """What the addresses with an argument are about; something is there for each."""
    [invitation] = forum.invitations.draft([pavel], by=olga)
    invitation.send(by=olga)
    invitation.answer("ACCEPTED")
    forum.publish(by=olga)
    feed, token = pavel.feeds.open()
    opening, message = sessions["opening"], pavel.messages.last()
    kept = Invitation.objects.get()
    other = Organization.objects.create(kind="GOVERNMENT", name="Ministry")
    return {
        "event": [forum.pk],
        "session": [opening.pk],
        "venue": [forum.venue.pk],
        "invitation": [kept.pk],
        "registration": [forum.registrations.get().pk],
        "person": [pavel.pk],
        "person_chooser": [pavel.pk],
        "message": [message.pk],
        "message:send_again": [message.deliveries.get().pk],
        "organization": [customs.pk],
        "organization_chooser": [customs.pk],
        "duplicatepair": [DuplicatePair.objects.create(first=pavel, second=person("Paul", "Novak"), score=7).pk],
        "relationship": [Relationship.objects.create(first=customs, kind="PARTNER", second=other).pk],
        "person:unmerge": [Merge.objects.join(pavel, person("Double", "Novak"), by=olga).pk],
        "country": ["FR"],
        "interaction": [Interaction.objects.create(subject="Call", country_id="FR").pk],
        "task": [Task.objects.set_for(olga, "Write", None, by=olga).pk],
        "countrydesk": [Desk.objects.create(name="Desk").pk],
        "countrygroup": [CountryGroup.objects.create(slug="group", name={"en": "Group"}).pk],
        "topic": [tobacco.pk],
        "events": [forum.slug],
        "events:session_detail": [forum.slug, opening.guid],
        "events:session_feed": [forum.slug, opening.guid],
        "events:personal_feed": [token],
        "events:invitation_reply": [kept.token],
        "events:feed_create": [kept.token],
        "events:feed_revoke": [kept.token, feed.pk],
        "picture": ["images", "unknown.png"],
        "account_confirm_email": ["unknown"],
        "account_reset_password_from_key": ["1", "unknown"],
    }


def address(name: str, arguments: dict[str, list]) -> str:
    """The path of a row; with the argument of its name, or else of its group."""
    paths = dict(walk(get_resolver().url_patterns))
    if not re.search(r"[<(]", paths[name]):
        return reverse(name)
    return reverse(name, args=arguments.get(name) or arguments[name.partition(":")[0]])


def client_of(viewer: str) -> Client:
    client = Client()
    if viewer == "no role":
        client.force_login(User.objects.create_user("nobody@example.org"))
    elif viewer != "anonymous":
        client.force_login(staff(viewer, "somebody@example.org"))
    return client


def ask(client: Client, row: str, arguments: dict[str, list]) -> str:
    """The cell: what the viewer gets. Whatever the question changed is taken back."""
    method, name = row.split() if " " in row else ("GET", row)
    cookies = copy(client.cookies)
    with transaction.atomic():
        answer = client.generic(method, address(name, arguments))
        transaction.set_rollback(True)
    client.cookies = cookies
    if answer.status_code not in (301, 302):
        return str(answer.status_code)
    where = urlsplit(answer["Location"]).path
    return {"/admin/": "home"}.get(where, "sign-in" if where.endswith("/login/") else "->")


def test_every_address_has_its_row():
    asked = {row.split()[-1] for row in ROWS}

    assert (expected_rows() - asked, asked - expected_rows()) == (set(), set())


@pytest.mark.slow
@pytest.mark.parametrize("viewer", VIEWERS)
def test_each_viewer_gets_what_the_table_says(viewer, arguments):
    client = client_of(viewer)

    answers = {row: ask(client, row, arguments) for row in ROWS}

    assert answers == {row: cells[viewer] for row, cells in ROWS.items()}


# Open to everybody below /admin/: what sign-in pages are made of, and the ways out.
DOORS = re.compile(r"wagtailadmin_(login|logout|sprite|javascript_catalog|password_reset.*)$")


def admin_paths() -> list[str]:
    """A path for every address below /admin/, with an argument that leads somewhere if anything does."""
    named = walk(get_resolver().url_patterns)
    return [filled(path) for name, path in named if path.startswith("admin/") and not DOORS.match(name)]


def filled(path: str) -> str:
    path = re.sub(r"<int:[^>]*>", "1", path)
    path = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "x", path)
    return "/" + re.sub(r"[\^$]|\\Z", "", path)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("viewer", ["anonymous", "no role"])
def test_nobody_without_a_staff_role_enters_the_admin(viewer, method, arguments):
    client = client_of(viewer)

    answers = {path: client.generic(method, path) for path in admin_paths()}

    inside = {path: answer.status_code for path, answer in answers.items() if not is_outside(answer)}
    assert (len(answers) > 250, inside) == (True, {})


def is_outside(answer) -> bool:
    """Sent to the door, or away."""
    return answer.status_code in (403, 404) or "/login/?next=" in answer.get("Location", "")


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client, olga):
    asked = client.get("/admin/events/event/", follow=True)

    [*_steps, (page, _status)] = asked.redirect_chain
    signed_in = client.post(page, {"login": olga.email, "password": PASSWORD})
    assert page == "/en/accounts/login/?next=%2Fadmin%2Fevents%2Fevent%2F"
    assert signed_in["Location"] == "/admin/events/event/"


def test_an_account_without_a_role_is_told_no_and_not_led_in_circles(client, stranger):
    client.force_login(stranger)

    answer = client.get("/admin/", follow=True)

    assert (answer.status_code, "This is not open to you" in answer.text) == (403, True)


@pytest.mark.parametrize("door", ["/admin/login/", "/en/_util/login/", "/en/accounts/login/"])
def test_passwords_cannot_be_tried_without_end_at_any_door(client, olga, door):
    page, _status = (client.get(door, follow=True).redirect_chain or [(door, 200)])[-1]
    wrong = [client.post(page, {"login": olga.email, "password": "wrong"}) for _time in range(12)]

    right = client.post(page, {"login": olga.email, "password": PASSWORD})

    assert (len(wrong), right.status_code) == (12, 200)
    assert client.post(door, {"username": olga.email, "password": PASSWORD}).status_code in (200, 302)
    assert client.get("/admin/").status_code == 302
