"""The product search of the shop once more, as an API in Python: FastAPI and Motor, and a nightly report with PyMongo.

It is read by `heatlens statements` and by the editor; nothing runs it here.
"""

import os
import re
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorDatabase
from pydantic import BaseModel
from pymongo import ASCENDING, DESCENDING, MongoClient

PAGE_SIZE = 20

router = APIRouter(prefix="/products")
client = AsyncIOMotorClient(os.environ["MONGODB_URI"])


class ProductPage(BaseModel):
    total: int
    products: list[dict[str, Any]]


def shop_database() -> AsyncIOMotorDatabase:
    return client.get_default_database()


Shop = Annotated[AsyncIOMotorDatabase, Depends(shop_database)]


@router.get("/")
async def search_products(
    db: Shop,
    text: str | None = None,
    category: str | None = Query(None, max_length=40),
    page: int = Query(1, ge=1),
) -> ProductPage:
    """One page by name, and how many products there are in all."""
    match: dict[str, Any] = {}
    if category:
        match["category"] = category
    if text:
        match["name"] = {"$regex": re.escape(text), "$options": "i"}

    pipeline = [
        {"$match": match},
        {"$sort": {"name": ASCENDING}},
        {
            "$facet": {
                "total": [{"$count": "count"}],
                "products": [
                    {"$skip": (page - 1) * PAGE_SIZE},
                    {"$limit": PAGE_SIZE},
                    {"$project": {"_id": 0, "sku": 1, "name": 1, "category": 1, "priceCents": 1}},
                ],
            }
        },
    ]
    [found] = await db["products"].aggregate(pipeline).to_list(length=1)
    total = found["total"][0]["count"] if found["total"] else 0
    return ProductPage(total=total, products=found["products"])


@router.get("/{sku}")
async def product_by_sku(sku: str, db: Shop) -> dict[str, Any]:
    product = await db.products.find_one({"sku": sku}, {"_id": 0})
    if product is None:
        raise HTTPException(404, f"no product {sku}")
    return product


@router.get("/{sku}/audits")
async def audits_of_product(sku: str, db: Shop, skip: int = 0, limit: int = Query(50, le=200)) -> list[dict[str, Any]]:
    cursor = db.audits.find({"target": sku}, {"_id": 0}).sort("at", DESCENDING).skip(skip).limit(limit)
    return [audit async for audit in cursor]


def revenue_by_day(uri: str, days: int) -> list[dict[str, Any]]:
    """What the nightly report prints; orders that came back do not count."""
    since = datetime.now(timezone.utc) - timedelta(days=days)
    with MongoClient(uri) as report_client:
        orders = report_client.get_default_database()["orders"]
        by_day = [
            {"$match": {"placedAt": {"$gte": since}, "status": {"$ne": "returned"}}},
            {"$group": {"_id": {"$dateTrunc": {"date": "$placedAt", "unit": "day"}}, "cents": {"$sum": "$totalCents"}}},
            {"$sort": {"_id": 1}},
        ]
        return list(orders.aggregate(by_day))
