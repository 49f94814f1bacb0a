import subprocess, sys
import sqlalchemy as sa
from collections import Counter
from dataclasses import replace
from tests.faults.processes import environment, Installation
from tests.factories.mail import an_inbox
from tests.factories.conversations import a_promise
from tests.app.conversations.mail_server import MailServer
from aiosmtpd.controller import Controller
from tests.servers import free_port
from app.conversations.models import *
from app.sla.models import Clock
from app.contacts.models import Contact
from tenants.db import db
from tenants.jobs import Job
from tenants.ledger import Event
import pytest, time

@pytest.fixture
def ms():
    port=free_port(); s=MailServer(); c=Controller(s,hostname="127.0.0.1",port=port); c.start(); yield s,port; c.stop()
@pytest.fixture
def settings(settings, ms): return replace(settings, smtp_url=f"smtp://127.0.0.1:{ms[1]}")

@pytest.mark.parametrize("flags", [["--shift-to-now"],["--close"]])
def test_tool(world, installation, data, ms, flags, owner):
    an_inbox(world,"Birch","support@birch.example")
    a_promise(world,"Birch",first_response_minutes=60,resolution_minutes=480)
    for c in (("scheduler",),("worker","mail"),("worker","live"),("worker","bulk")): installation.start(*c)
    t=time.monotonic()
    r=subprocess.run([sys.executable,"tools/replay_transcripts.py",str(data/"dialogues/retail_support_runs.jsonl.gz"),"--inbox","support@birch.example",*flags],env=environment(installation.settings),capture_output=True,text=True)
    print(r.stdout[-600:], r.stderr[-3000:]); print("took", time.monotonic()-t)
    installation.wait_until(lambda: not owner.exec_driver_sql("select 1 from job where state<>'done' and available_at<now() limit 1").all() or owner.rollback(), "idle")
    owner.rollback()
    time.sleep(16)
    q=lambda s: print(s, "\n    ", owner.exec_driver_sql(s).all())
    q("select status,count(*) from conversation group by 1")
    q("select assignee_name,count(*) from conversation group by 1")
    q("select author_kind,is_note,threaded_by,count(*) from message group by 1,2,3")
    q("select state,count(*) from delivery group by 1")
    q("select state,function,count(*),max(attempts),max(last_error) from job group by 1,2")
    q("select kind,count(*),count(met_at),count(breached_at),count(ended_at), count(*) filter (where ended_at is null and met_at is null) from clock group by 1")
    q("select is_breached,count(*) from conversation group by 1")
    q("select kind,count(*) from event group by 1 order by 2 desc")
    q("select count(*),count(distinct email),count(*) filter (where name='') from contact")
    q("select subject from conversation limit 8")
    q("select count(*) from raw_mail where state<>'filed'")
    print(len(ms[0].envelopes), Counter(len(e.rcpt_tos) for e in ms[0].envelopes))
    for m in ms[0].mails[:2]: print(m.as_string()[:1800]); print("-----")
    r=subprocess.run([sys.executable,"tools/replay_transcripts.py",str(data/"dialogues/retail_support_runs.jsonl.gz"),"--inbox","support@birch.example","--agent","nobody@x.example"],env=environment(installation.settings),capture_output=True,text=True); print(r.returncode,r.stdout[-300:],r.stderr[-300:])
    assert False
