from storage.migrate import drift,current
from tests.builders import *
def test_x(database, clock):
    assert drift(str(database.engine.url.render_as_string(hide_password=False)))==[]
    with database.system(clock.now()) as u:
        c=the_cast(u)
    with database.transaction(c.li, clock.now()) as u:
        w=a_client(u)
        p=a_policy(u,w,due_on=[date(2025,7,9)])
        a_loan(u,w,due_on=[date(2025,7,9)])
        assert u.clients.get(w.id)==w
        print(w,p)
def test_r(redis_url):
    import redis
    with redis.Redis.from_url(redis_url) as r: assert r.ping()
