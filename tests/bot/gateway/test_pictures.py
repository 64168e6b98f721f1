"""Images: drawn and uploaded in the moment of sending, the same bytes on every retry, words where no picture can be had."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.uploads import StoredUploads
from bot.wecom.attachments import Attachments, InMemory
from bot.wecom.client import TIMEOUT, UPLOAD_TIMEOUT
from bot.wecom.sender import WeComSender
from config.pack import PackStore
from reminders.delivery import SEND_WITHIN
from reminders.sending import Outgoing, build_body
from storage.database import Database
from storage.migrate import upgrade
from storage.model.charts import Chart
from storage.model.errors import Unavailable
from storage.model.messages import Picture, requests_for
from storage.vault import Keys, Vault
from tests.bot.gateway.scripted import CORP, error, ok

CHART = Chart("bars", "团队新增客户", ("自拓", "转介绍"), (3.0, 5.0), ("3", "5"))
WORDS = "「团队新增客户」的图没能发出，数字以上面的文字为准。"


def an_image(id: int = 1, tries: int = 1, chart: Chart = CHART) -> Outgoing:
    call, request = requests_for(Picture(chart, WORDS))[0]
    assert call == "image"
    return Outgoing(id, "LiGuWen", "image", build_body("image", request, "LiGuWen", CORP.agent_id, id), tries)


@pytest.fixture
def sender(client, clock) -> WeComSender:
    return WeComSender(client, clock)


@pytest.fixture
def scripted_sender(scripted_client, clock) -> WeComSender:
    return WeComSender(scripted_client, clock)


async def test_a_chart_arrives_as_a_picture(sender, fake):
    assert (await sender.send(an_image())).state == "sent"
    seen = fake.seen_by("LiGuWen")[0]
    assert seen.kind == "image"
    assert set(seen.body) == {"media_id"}
    upload = fake.media.find(seen.body["media_id"])
    assert upload.content.startswith(b"\x89PNG")
    assert upload.filename == "chart.png"


async def test_a_picture_whose_answer_was_lost_is_seen_once_after_the_retry(scripted, scripted_sender):
    scripted.script["media/upload"] = [ok(media_id="m1"), ok(media_id="m2")]
    scripted.script["message/send"] = [error(-1), ok(msgid="x")]
    first = await scripted_sender.send(an_image())
    second = await scripted_sender.send(an_image(tries=2))
    assert (first.state, second.state) == ("retry", "sent")
    sent = [body for body in scripted.bodies if b"touser" in body]
    assert sent[0] == sent[1]
    assert json.loads(sent[0])["image"] == {"media_id": "m1"}
    assert scripted.count("media/upload") == 1


async def test_the_same_chart_is_uploaded_once_for_several_people_and_again_after_three_days(sender, fake, clock):
    await sender.send(an_image(1))
    await sender.send(an_image(2))
    ids = {seen.body["media_id"] for seen in fake.seen_by("LiGuWen")}
    assert len(ids) == 1
    clock.advance(timedelta(days=3))
    await sender.send(an_image(3))
    assert len({seen.body["media_id"] for seen in fake.seen_by("LiGuWen")}) == 2


async def test_while_the_upload_fails_it_is_tried_again_and_then_the_words_go(scripted, scripted_sender):
    scripted.script["media/upload"] = [error(-1)]
    assert (await scripted_sender.send(an_image(tries=1))).state == "retry"
    assert (await scripted_sender.send(an_image(tries=2))).state == "retry"
    assert (await scripted_sender.send(an_image(tries=3))).state == "sent"
    body = json.loads(scripted.bodies[-1])
    assert (body["msgtype"], body["text"]["content"]) == ("text", WORDS)
    assert "image" not in body
    assert "instead" not in body


async def test_from_the_third_try_on_the_words_go_without_waiting_for_an_upload(scripted, scripted_sender):
    scripted.script["media/upload"] = [ok(media_id="m1")]
    assert (await scripted_sender.send(an_image(tries=3))).state == "sent"
    assert json.loads(scripted.bodies[-1])["text"]["content"] == WORDS
    assert scripted.count("media/upload") == 0


def test_an_upload_that_hangs_is_given_up_before_the_message_is():
    assert UPLOAD_TIMEOUT + TIMEOUT < SEND_WITHIN


@pytest.mark.parametrize("errcode", [40006, 40004, 45009])
async def test_an_upload_that_is_refused_is_told_in_words_at_once(scripted, scripted_sender, errcode):
    scripted.script["media/upload"] = [error(errcode)]
    assert (await scripted_sender.send(an_image())).state == "sent"
    assert json.loads(scripted.bodies[-1])["msgtype"] == "text"


async def test_a_wrong_set_up_stops_the_queue_and_not_the_picture(scripted, scripted_sender):
    scripted.script["media/upload"] = [error(60020)]
    assert (await scripted_sender.send(an_image())).state == "blocked"


async def test_a_media_id_that_wecom_forgot_is_uploaded_anew(scripted, scripted_sender):
    scripted.script["media/upload"] = [ok(media_id="m1"), ok(media_id="m2")]
    scripted.script["message/send"] = [error(40007), ok(msgid="x")]
    assert (await scripted_sender.send(an_image())).state == "retry"
    assert (await scripted_sender.send(an_image(tries=2))).state == "sent"
    assert json.loads(scripted.bodies[-1])["image"] == {"media_id": "m2"}


async def test_what_cannot_be_drawn_is_told_in_words(client, clock):
    def broken(data):
        raise ValueError("no font")

    attachments = Attachments(client, InMemory(), clock, draw=broken)
    assert json.loads(await attachments.body(an_image().body, 1))["text"]["content"] == WORDS


async def test_a_media_id_survives_a_restart(fake, client, clock, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    upgrade(url)
    for id in (1, 2):  # two processes after each other
        database = Database(url, Vault(Keys.fresh()), PackStore(("common",)))
        await WeComSender(client, clock, uploads=StoredUploads(database, clock)).send(an_image(id))
        database.close()
    assert len({seen.body["media_id"] for seen in fake.seen_by("LiGuWen")}) == 1


async def test_a_database_that_is_away_is_waited_for(client, clock):
    class Away(InMemory):
        async def find(self, digest, now):
            raise Unavailable("away")

    outcome = await WeComSender(client, clock, uploads=Away()).send(an_image())
    assert (outcome.state, outcome.reason) == ("retry", "database_away")
