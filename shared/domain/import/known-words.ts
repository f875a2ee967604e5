/**
 * The words that offices use for columns and for the values of choices, English and German, as far as an importer may know
 * them without being told. The first of a field's words is the surest.
 */

/** Header words by field, in the form of `plainWords`. A trailing `*` takes any ending. */
export const HEADER_WORDS: Readonly<Record<string, readonly string[]>> = {
  title: [
    "title",
    "case title",
    "titel",
    "summary",
    "subject",
    "betreff",
    "bezeichnung",
    "job",
    "task",
    "prob desc",
    "problem",
    "short description",
    "kurzbeschreibung",
    "kurztext",
    "auftrag",
    "work order",
    "request",
    "anliegen",
    "issue",
  ],
  externalRef: [
    "external ref*",
    "ticket",
    "ticket id",
    "ticket number",
    "case id",
    "case enquiry id",
    "case number",
    "id",
    "reference",
    "ref",
    "order id",
    "order number",
    "job number",
    "work order number",
    "wo number",
    "auftragsnummer",
    "auftrags nr",
    "meldungsnummer",
    "meldungs nr",
    "vorgangsnummer",
    "referenz",
    "nummer",
    "number",
    "nr",
    "no",
    "key",
  ],
  customer: [
    "customer",
    "customer name",
    "cust name",
    "client",
    "client name",
    "kunde",
    "kundenname",
    "account",
    "company",
    "firma",
    "auftraggeber",
    "name",
  ],
  site: [
    "site",
    "address",
    "addr",
    "location",
    "service address",
    "site address",
    "adresse",
    "standort",
    "einsatzort",
    "objektadresse",
    "strasse",
    "street",
    "street address",
    "ort",
    "place",
  ],
  contact: ["contact", "contact name", "kontakt", "ansprechpartner", "kontaktperson", "reported by", "caller"],
  priority: ["priority", "prio", "prty", "prioritaet", "prioritat", "dringlichkeit", "urgency", "severity"],
  status: ["status", "case status", "order status", "state", "zustand", "stand", "bearbeitungsstand"],
  kind: ["kind", "order type", "job type", "work type", "auftragsart", "art", "type"],
  requestedFrom: [
    "requested",
    "requested from",
    "wanted from",
    "wanted",
    "requested date",
    "scheduled",
    "scheduled date",
    "start",
    "start date",
    "date",
    "open dt",
    "opened",
    "open date",
    "created",
    "created at",
    "reported",
    "report date",
    "meldedatum",
    "datum",
    "eingang",
    "eingangsdatum",
    "wunschtermin",
    "termin",
    "von",
    "beginn",
    "erstellt",
  ],
  requestedTo: ["requested to", "wanted until", "end", "end date", "bis", "ende"],
  dueBy: [
    "due",
    "due by",
    "due date",
    "sla target dt",
    "sla target",
    "target date",
    "deadline",
    "faellig",
    "fallig",
    "faellig am",
    "fallig am",
    "faelligkeit",
    "falligkeit",
    "frist",
    "termin bis",
    "zu erledigen bis",
  ],
  estimatedMinutes: ["estimated minutes", "estimate", "minutes", "duration", "duration min", "dauer", "dauer min", "minuten", "aufwand"],
  description: ["description", "details", "beschreibung", "langtext", "long description", "text"],
  notes: ["notes", "note", "comment", "comments", "remarks", "notiz", "notizen", "bemerkung", "bemerkungen", "kommentar", "hinweis"],
  resolution: ["resolution", "closure reason", "solution", "result", "loesung", "losung", "ergebnis", "erledigungsvermerk"],
  territory: [
    "territory",
    "area",
    "region",
    "district",
    "neighborhood",
    "neighbourhood",
    "gebiet",
    "quartier",
    "stadtteil",
    "bezirk",
    "kreis",
  ],
  skills: ["skills", "skill", "trade", "gewerk", "qualifikation"],
  tags: ["tags", "tag", "labels", "label", "schlagworte", "schlagwort", "stichworte"],
  "site.lat": ["lat", "latitude", "breite", "breitengrad"],
  "site.lon": ["lon", "lng", "long", "longitude", "laenge", "lange", "laengengrad", "langengrad"],
};

/** Values of choices by field: what people write for each option beside its own name. */
export const CHOICE_WORDS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  status: {
    new: ["open", "opened", "neu", "offen", "unassigned", "reported", "received", "eingegangen", "gemeldet", "pending", "submitted"],
    scheduled: ["planned", "assigned", "booked", "geplant", "eingeplant", "terminiert", "zugewiesen"],
    in_progress: ["in progress", "started", "working", "active", "in arbeit", "in bearbeitung", "laufend", "begonnen", "ongoing"],
    on_hold: ["on hold", "hold", "waiting", "paused", "wartend", "pausiert", "zurueckgestellt", "zuruckgestellt", "blocked"],
    done: ["completed", "complete", "finished", "resolved", "fixed", "erledigt", "fertig", "behoben"],
    closed: ["geschlossen", "abgeschlossen", "archived", "invoiced", "verrechnet"],
    cancelled: ["canceled", "void", "rejected", "storniert", "abgesagt", "abgelehnt", "annulliert"],
  },
  priority: {
    urgent: ["emergency", "critical", "1", "p1", "dringend", "notfall", "sofort", "kritisch"],
    high: ["2", "p2", "hoch", "important", "wichtig"],
    normal: ["3", "p3", "medium", "standard", "mittel", "regular", "routine"],
    low: ["4", "5", "p4", "p5", "niedrig", "tief", "gering", "minor"],
  },
  kind: {
    repair: ["reparatur", "breakdown", "service call", "stoerung", "storung", "corrective"],
    maintenance: ["wartung", "service", "pm", "preventive", "unterhalt"],
    install: ["installation", "montage", "einbau", "neuinstallation"],
    inspection: ["inspektion", "kontrolle", "pruefung", "prufung", "check"],
    call_back: ["call back", "callback", "recall", "nacharbeit", "reklamation"],
    quote: ["estimate", "offerte", "angebot", "quotation", "bid"],
  },
};

/** Lower case, without marks, single spaces between words: `Case_Enquiry-ID #` is `case enquiry id`. */
export const plainWords = (text: string): string =>
  text
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** The option that a word means, by its own name or by a known word. */
export const knownOption = (field: string, options: readonly string[], text: string): string | undefined => {
  const words = plainWords(text);
  return (
    options.find((option) => plainWords(option) === words) ??
    options.find((option) => CHOICE_WORDS[field]?.[option]?.includes(words) === true)
  );
};
