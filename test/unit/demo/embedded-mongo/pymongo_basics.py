"""What a service does with PyMongo, against the server whose URI is the argument. Prints one line, or fails."""
import datetime
import sys

import bson
import pymongo
from pymongo.errors import BulkWriteError, CursorNotFound, DuplicateKeyError, OperationFailure


def main(uri):
    client = pymongo.MongoClient(uri, serverSelectionTimeoutMS=5000)
    info = client.server_info()
    assert info["modules"] == ["heatlens-embedded"], info
    db = client["py"]
    client.drop_database("py")
    things = db["things"]

    ids = things.insert_many([{"_id": i, "k": i % 5, "name": "thing %d" % i, "price": i / 2} for i in range(500)]).inserted_ids
    assert len(ids) == 500
    assert things.insert_one({"name": "made"}).inserted_id.__class__ is bson.ObjectId
    assert things.update_many({"k": 1}, {"$inc": {"n": 1}}).modified_count == 100
    assert things.update_one({"_id": 1000}, {"$set": {"a": 1}}, upsert=True).upserted_id == 1000
    assert things.find_one_and_update({"_id": 1}, {"$set": {"seen": True}}, return_document=pymongo.ReturnDocument.AFTER)["seen"] is True
    assert things.delete_many({"_id": 1000}).deleted_count == 1
    assert [d["_id"] for d in things.find({"k": 2}, batch_size=7).sort("_id", -1).limit(3)] == [497, 492, 487]
    assert sum(1 for _ in things.find(batch_size=50)) == 501
    exhaust = things.find(cursor_type=pymongo.CursorType.EXHAUST, batch_size=50)
    assert sum(1 for _ in exhaust) == 501
    assert things.count_documents({"price": {"$gte": 240}}) == 20
    assert things.estimated_document_count() == 501
    assert sorted(things.distinct("k")) == [0, 1, 2, 3, 4]

    things.insert_one({"_id": "types", "float": 5.0, "int": 5, "long": bson.Int64(5), "big": 2**60, "at": datetime.datetime(2025, 1, 1), "bytes": b"ab"})
    back = things.find_one({"_id": "types"})
    assert type(back["float"]) is float and type(back["int"]) is int and type(back["long"]) is bson.Int64, back
    assert back["big"] == 2**60 and back["at"] == datetime.datetime(2025, 1, 1) and back["bytes"] == b"ab", back
    assert things.count_documents({"float": {"$type": "double"}}) == 1
    assert things.count_documents({"big": 2**60}) == 1 and things.count_documents({"big": 2**60 + 1}) == 0

    assert things.create_index([("k", 1), ("price", -1)]) == "k_1_price_-1"
    plan = things.find({"k": 3}).sort("price", -1).explain()
    assert plan["queryPlanner"]["winningPlan"]["inputStage"]["indexName"] == "k_1_price_-1", plan
    rows = list(things.aggregate([
        {"$match": {"name": {"$regex": "thing 4", "$options": "i"}}}, {"$sort": {"price": 1}},
        {"$facet": {"metadata": [{"$count": "total"}], "data": [{"$skip": 10}, {"$limit": 5}]}}]))
    assert rows[0]["metadata"] == [{"total": 111}] and len(rows[0]["data"]) == 5, rows

    for act, error, code in [
        (lambda: things.insert_one({"_id": 1}), DuplicateKeyError, 11000),
        (lambda: things.insert_many([{"_id": 2000}, {"_id": 1}], ordered=False), BulkWriteError, 65),
        (lambda: list(things.find({"$nope": 1})), OperationFailure, 2),
        (lambda: things.drop_index("nope"), OperationFailure, 27),
        (lambda: db.command("nope"), OperationFailure, 59),
    ]:
        try:
            act()
        except error as caught:
            assert caught.code == code, caught.details
        else:
            raise AssertionError("no %s" % error)

    with client.start_session() as session:
        assert things.count_documents({"_id": 1}, session=session) == 1
        try:
            with session.start_transaction():
                things.insert_one({"_id": 3000}, session=session)
        except OperationFailure as caught:
            assert caught.code == 20, caught.details

    cursor = things.find(batch_size=2)
    next(cursor)
    db.command("killCursors", "things", cursors=[bson.Int64(cursor.cursor_id)])
    try:
        list(cursor)
    except CursorNotFound as caught:
        assert caught.code == 43
    else:
        raise AssertionError("the cursor was not killed")
    assert "things" in db.list_collection_names()
    client.drop_database("py")
    client.close()
    print("PyMongo %s works" % pymongo.version)


main(sys.argv[1])
