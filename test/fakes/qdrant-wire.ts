// What Qdrant takes, request by request, from its OpenAPI description (1.18). Fields that Heed does not send are not stood in for.

import { z } from "zod";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const Id = z.union([z.int().min(0), z.string().regex(UUID, "is not a valid point ID")]);
const Index = z.int().min(0).max(0xffffffff);

export const Sparse = z
  .strictObject({ indices: z.array(Index), values: z.array(z.number()) })
  .refine(({ indices }) => indices.length > 0, "an empty one is left out by Heed")
  .refine(({ indices, values }) => indices.length === values.length, "must be the same length as indices")
  .refine(({ indices }) => new Set(indices).size === indices.length, "must be unique");
export type Sparse = z.infer<typeof Sparse>;
const Dense = z.array(z.number()).min(1);

const Value = z.union([z.string(), z.int(), z.boolean()]);
const Match = z.union([
  z.strictObject({ value: Value }),
  z.strictObject({ any: z.union([z.array(z.string()), z.array(z.int())]) }),
]);
const Condition = z.union([
  z.strictObject({ key: z.string().min(1), match: Match }),
  z.strictObject({ has_id: z.array(Id) }),
]);
export type Condition = z.infer<typeof Condition>;
const Filter = z.strictObject({ must: z.array(Condition).optional(), must_not: z.array(Condition).optional() });
export type Filter = z.infer<typeof Filter>;

const WithPayload = z.union([z.boolean(), z.array(z.string())]).optional();
const Limit = z.int().min(1).optional();

export const Point = z.strictObject({
  id: Id,
  vector: z.record(z.string(), z.union([Dense, Sparse])),
  payload: z.record(z.string(), z.unknown()).optional(),
});
export type Point = z.infer<typeof Point>;

/** Without a query it is everything that passes the filter. */
export const Query = z
  .strictObject({
    query: z.union([Dense, Sparse]).optional(),
    using: z.string().optional(),
    filter: Filter.optional(),
    params: z.strictObject({ exact: z.boolean() }).optional(),
    score_threshold: z.number().optional(),
    limit: Limit,
    with_payload: WithPayload,
  })
  .refine(({ query, using }) => (query === undefined) === (using === undefined), "a query says which vector it uses");
export type Query = z.infer<typeof Query>;

const Keyword = z.union([
  z.literal("keyword"),
  z.strictObject({ type: z.literal("keyword"), is_tenant: z.boolean().optional() }),
]);
const Integer = z.union([
  z.literal("integer"),
  z
    .strictObject({
      type: z.literal("integer"),
      lookup: z.boolean().default(true),
      range: z.boolean().default(true),
      on_disk: z.boolean().optional(),
    })
    .refine(({ lookup, range }) => lookup || range, "lookup and range cannot both be false"),
]);

const Quantization = z.strictObject({
  scalar: z.strictObject({ type: z.literal("int8"), always_ram: z.boolean().optional() }),
});

const Upsert = z.strictObject({
  points: z.array(Point).min(1),
  update_mode: z.enum(["upsert", "insert_only", "update_only"]).optional(),
  update_filter: Filter.optional(),
});
export type Upsert = z.infer<typeof Upsert>;
const Delete = z.union([z.strictObject({ points: z.array(Id) }), z.strictObject({ filter: Filter })]);
export type Delete = z.infer<typeof Delete>;
const SetPayload = z.strictObject({ payload: z.record(z.string(), z.unknown()), filter: Filter });
export type SetPayload = z.infer<typeof SetPayload>;

const Action = z.union([
  z.strictObject({ create_alias: z.strictObject({ collection_name: z.string(), alias_name: z.string() }) }),
  z.strictObject({ delete_alias: z.strictObject({ alias_name: z.string() }) }),
]);
export type Action = z.infer<typeof Action>;

/** By method and path behind the collection's name. */
export const BODIES = {
  "PUT ": z.strictObject({
    vectors: z.record(
      z.string().regex(/^[^/\\]+$/),
      z.strictObject({
        size: z.int().min(1).max(65_536),
        distance: z.literal("Cosine"),
        on_disk: z.boolean().optional(),
        quantization_config: Quantization.optional(),
      }),
    ),
    sparse_vectors: z.record(
      z.string(),
      z.strictObject({ index: z.strictObject({ on_disk: z.boolean() }).optional() }),
    ),
    on_disk_payload: z.boolean().optional(),
    shard_number: z.int().min(1).optional(),
    replication_factor: z.int().min(1).optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  }),
  "PUT index": z.strictObject({ field_name: z.string().min(1), field_schema: z.union([Keyword, Integer]) }),
  "POST points/batch": z.strictObject({
    operations: z
      .array(
        z.union([
          z.strictObject({ upsert: Upsert }),
          z.strictObject({ set_payload: SetPayload }),
          z.strictObject({ delete: Delete }),
        ]),
      )
      .min(1),
  }),
  "POST points/scroll": z.strictObject({
    filter: Filter.optional(),
    limit: Limit,
    offset: Id.optional(),
    with_payload: WithPayload,
    with_vector: z.boolean().optional(),
  }),
  "POST points/count": z.strictObject({ filter: Filter.optional(), exact: z.boolean().optional() }),
  "POST facet": z.strictObject({
    key: z.string().min(1),
    filter: Filter.optional(),
    limit: Limit,
    exact: z.boolean().optional(),
  }),
  "POST points/query/batch": z.strictObject({ searches: z.array(Query).min(1) }),
  aliases: z.strictObject({ actions: z.array(Action).min(1) }),
} as const;
