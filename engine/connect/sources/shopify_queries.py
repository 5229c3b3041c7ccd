"""What is asked of Shopify's Admin GraphQL API, version 2026-10."""

VERSION = "2026-10"

SHOP = "query { shop { name currencyCode ianaTimezone } }"

PRODUCTS = """
query Products($after: String, $query: String) {
  products(first: 50, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      updatedAt title productType status
      variants(first: 100) {
        nodes {
          sku title price barcode
          inventoryItem { unitCost { amount currencyCode } measurement { weight { value unit } } }
        }
      }
    }
  }
}
"""
LOCATIONS = """
query Locations($after: String) {
  locations(first: 50, after: $after, includeInactive: false) {
    pageInfo { hasNextPage endCursor }
    nodes { legacyResourceId name isActive fulfillmentService { type } address { countryCode } }
  }
}
"""
STOCK = """
query Stock($after: String) {
  inventoryItems(first: 50, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      sku tracked
      inventoryLevels(first: 50) {
        nodes {
          location { legacyResourceId }
          quantities(names: ["on_hand", "reserved", "damaged", "quality_control", "safety_stock"]) {
            name quantity
          }
        }
      }
    }
  }
}
"""
ORDERS = """
query Orders($after: String, $query: String) {
  orders(first: 25, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      name updatedAt processedAt cancelledAt test sourceName
      customer { legacyResourceId }
      retailLocation { legacyResourceId }
      transactions(first: 10) { kind status processedAt }
      lineItems(first: 100) {
        nodes { id sku quantity discountedTotalSet { shopMoney { amount } } }
      }
      fulfillmentOrders(first: 20) {
        nodes {
          status
          assignedLocation { location { legacyResourceId } }
          lineItems(first: 100) { nodes { remainingQuantity lineItem { id } } }
        }
      }
      refunds(first: 20) {
        createdAt
        refundLineItems(first: 100) { nodes { quantity lineItem { id sku } } }
      }
    }
  }
}
"""
PURCHASES = """
query PurchaseOrders($after: String) {
  inventoryPurchaseOrders(first: 50, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes {
      name orderedAt currency status
      origin { name }
      destination { location { legacyResourceId } }
      lineItems(first: 100) {
        nodes { inventoryItem { sku } totalQuantity unitCost { amount } }
      }
    }
  }
}
"""
