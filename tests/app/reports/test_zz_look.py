import time
from datetime import date, datetime, UTC
from app.reports.queries.facts import collect_facts
from app.reports.facts import Facts
from app.reports.document import render_report_document
from themes.queries import get_current_theme
from tenants.db import db
from tests.factories.reports import a_history, reviews_of_weeks
import os
def test_look(world):
    n=int(os.environ.get("N","430"))
    a_history(world,"Acme",first=date(2026,9,1),until=date(2026,10,1),conversations=int(n*.85),seed=3,slower=1.3)
    a_history(world,"Acme",first=date(2026,10,1),until=date(2026,11,1),conversations=n,seed=7,topics={"wismo":34,"returns":34,"damaged_item":9,"refunds":12,"address_change":8,"product_question":10,None:5})
    print("reviews", reviews_of_weeks(world,"Acme",[date(2026,9,28),date(2026,10,5),date(2026,10,12),date(2026,10,19)]) if n>20 else 0)
    now=datetime(2026,11,2,8,tzinfo=UTC)
    with db.transaction(world.system_scope("Acme")):
        t=time.perf_counter()
        f=collect_facts(world.workspaces["Acme"],period_from=date(2026,10,1),period_until=date(2026,11,1),now=now)
        print("collect",time.perf_counter()-t)
        assert Facts.from_json(f.to_json())==f
        import json; json.dumps(f.to_json())
        theme=get_current_theme(world.workspaces["Acme"])
    t=time.perf_counter()
    pdf=render_report_document(f,theme,made_on=date(2026,11,2))
    print("render",time.perf_counter()-t,len(pdf))
    from pathlib import Path; Path(f"/tmp/rep/r{n}.pdf").write_bytes(pdf)
