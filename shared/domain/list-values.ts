/**
 * Lists (a checklist, a technician's skills): what a given list changes against the one that stands. Items keep their ids, so
 * two people who tick different items both do; only fields that differ are written.
 */
import { generateKeyBetween } from "fractional-indexing";
import type { FieldDef } from "../schema/types.ts";
import { type FieldWrite, unusable, type ValueContext } from "./field-writes.ts";
import { objectsIn, textIn } from "./read.ts";
import { parseScalar } from "./scalar-values.ts";

/** A fractional index that another can be made beside; one of another form, by whoever wrote it, is given anew. */
const isPosition = (pos: string): boolean => {
  try {
    return generateKeyBetween(pos, null) > pos;
  } catch {
    return false; // the library throws for what it did not make
  }
};

interface Standing {
  readonly id: string;
  readonly pos: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const standingIn = (value: unknown): readonly Standing[] =>
  objectsIn(value).map((item) => ({ id: textIn(item["id"]) ?? "", pos: textIn(item["pos"]) ?? "", values: item }));

/** A text is a JSON list, or names of items by the first field: `+Check valve` adds, `-Check valve` takes away, `Check valve@1` moves. */
const readListText = (field: FieldDef, label: string, text: string, standing: readonly Standing[]): readonly unknown[] => {
  const typed = text.trim();
  if (typed.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(typed);
      if (Array.isArray(list)) return list;
    } catch (cause) {
      throw unusable(field, `a list in JSON, or +name to add an item (${cause instanceof Error ? cause.message : "unreadable"}).`);
    }
  }
  if (typed === "") return [];
  let items: readonly unknown[] = standing.map(({ values }) => values);
  for (const part of typed.split(",").map((one) => one.trim())) {
    const name = part.slice(1).trim();
    if (part.startsWith("+") && name !== "") items = [...items, { [label]: name }];
    else if (part.startsWith("-") && name !== "") items = without(field, label, items, name);
    else items = moved(field, label, items, part);
  }
  return items;
};

/** `-name`: the items without those of this name. */
const without = (field: FieldDef, label: string, items: readonly unknown[], name: string): readonly unknown[] => {
  const others = items.filter((item) => objectsIn([item])[0]?.[label] !== name);
  if (others.length === items.length) throw unusable(field, `there is no "${name}" to take away.`);
  return others;
};

/** `name@2`: the item with this name as the second one. */
const moved = (field: FieldDef, label: string, items: readonly unknown[], part: string): readonly unknown[] => {
  const [, name, place] = /^(.+)@(\d{1,4})$/.exec(part) ?? [];
  if (name === undefined)
    throw unusable(field, "a list in JSON, +name to add an item, -name to take one away, or name@2 to make it the second.");
  const item = items.find((one) => objectsIn([one])[0]?.[label] === name.trim());
  if (item === undefined) throw unusable(field, `there is no "${name.trim()}" to move.`);
  const others = items.filter((one) => one !== item);
  const at = Math.max(0, Number(place) - 1);
  return [...others.slice(0, at), item, ...others.slice(at)];
};

const isKept = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/** The items that can keep their place: as many as are in the wanted order already. */
const keeping = (ids: readonly string[], standing: readonly Standing[]): ReadonlyMap<string, string> => {
  const places = new Map(standing.filter(({ pos }) => isPosition(pos)).map(({ id, pos }) => [id, pos]));
  let best: readonly string[] = [];
  const runs: (readonly string[])[] = [];
  for (const [index, id] of ids.entries()) {
    const pos = places.get(id);
    let run: readonly string[] = [];
    for (let i = 0; i < index; i++) {
      const earlier = runs[i] ?? [];
      if (earlier.length > run.length && pos !== undefined && (places.get(earlier.at(-1) ?? "") ?? "") < pos) run = earlier;
    }
    runs.push(pos === undefined ? [] : [...run, id]);
    if ((runs[index]?.length ?? 0) > best.length) best = runs[index] ?? [];
  }
  return new Map(best.map((id) => [id, places.get(id) ?? ""]));
};

/** Positions for the wanted order: those that stand are kept where they can be. */
const positions = (ids: readonly string[], standing: readonly Standing[]): readonly string[] => {
  const kept = keeping(ids, standing);
  let before: string | null = null;
  return ids.map((id, index) => {
    const next = ids.slice(index + 1).find((later) => kept.has(later));
    const pos: string = kept.get(id) ?? generateKeyBetween(before, next === undefined ? null : (kept.get(next) ?? null));
    before = pos;
    return pos;
  });
};

/** What a given list writes. Items with an id that stands are changed, others added, those not given taken away. */
export const listWrites = (
  field: FieldDef,
  itemFields: readonly FieldDef[],
  given: unknown,
  context: ValueContext,
): readonly FieldWrite[] => {
  const standing = standingIn(context.current?.[field.id]);
  const asked = typeof given === "string" ? readListText(field, itemFields[0]?.id ?? "label", given, standing) : (given ?? []);
  if (!Array.isArray(asked)) throw unusable(field, "a list of items.");
  const wanted = asked.map((one: unknown) => {
    const [item] = objectsIn([one]);
    if (item === undefined) throw unusable(field, "each item is an object with fields.");
    return { id: textIn(item["id"]) ?? context.newItem(), values: item };
  });
  const ids = new Set<string>();
  for (const { id } of wanted) {
    if (ids.has(id)) throw unusable(field, `two items have the id "${id}". Leave it out for new ones.`);
    ids.add(id);
  }
  const byId = new Map(standing.map((item) => [item.id, item]));
  const order = positions(
    wanted.map(({ id }) => id),
    standing,
  );
  const put = (id: string, name: string, value: ReturnType<typeof parseScalar>): FieldWrite => ({
    kind: "put",
    path: [field.id, id, name],
    value,
  });
  const writes: FieldWrite[] = [];
  for (const { id } of standing) if (!wanted.some((item) => item.id === id)) writes.push(put(id, "pos", null));
  for (const [index, item] of wanted.entries()) {
    const held = byId.get(item.id);
    const pos = order[index] ?? "";
    if (held?.pos !== pos) writes.push(put(item.id, "pos", pos));
    for (const itemField of itemFields) {
      if (!Object.hasOwn(item.values, itemField.id)) {
        if (held === undefined && itemField.default !== undefined) writes.push(put(item.id, itemField.id, itemField.default));
        continue;
      }
      const value = parseScalar(itemField, item.values[itemField.id], context);
      if (!isKept(value, held?.values[itemField.id])) writes.push(put(item.id, itemField.id, value));
    }
    const unknown = Object.keys(item.values).find((name) => name !== "id" && name !== "pos" && !itemFields.some((one) => one.id === name));
    if (unknown !== undefined) throw unusable(field, `an item has no "${unknown}"; it has ${itemFields.map(({ id }) => id).join(", ")}.`);
  }
  return writes;
};
