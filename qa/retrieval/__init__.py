"""From a query to hits: lexical and dense candidates, fused."""
