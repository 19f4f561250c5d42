import collections, time, pytest
from tests.guarantees import test_drafts_change_nothing as t
from tests.world import publish_world
@pytest.mark.django_db
def test_x(client):
    publish_world()
    n=collections.Counter(); secs=collections.Counter(); t0=time.time()
    class C:
        def get(self,a):
            s=time.time(); r=client.get(a); k="?" if "?" in a else ""
            key=("/".join(a.split("?")[0].split("/")[:3]))+k
            n[key]+=1; secs[key]+=time.time()-s
            if time.time()-t0>150: raise SystemExit
            return r
    try:
        found=t.crawl(C()); print("done",len(found))
    except SystemExit: print("late")
    print(sum(n.values()), time.time()-t0)
    for k,v in secs.most_common(25): print(round(v,1),n[k],k)
