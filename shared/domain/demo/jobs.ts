/**
 * What the demo office is called for: work as a call taker writes it down, with the team, skill and time it takes.
 * Checklists and notes are short samples of what offices really keep.
 */
import type { Team } from "./people.ts";

export type OrderKind = "repair" | "maintenance" | "install" | "inspection" | "call_back" | "quote";

export interface Job {
  readonly title: string;
  readonly kind: OrderKind;
  readonly team: Team;
  readonly skill: string;
  readonly minutes: number;
}

const jobs = (team: Team, kind: OrderKind, lines: string): readonly Job[] =>
  lines
    .trim()
    .split("\n")
    .map((line) => {
      const [title = "", skill = "", minutes = ""] = line.split("|").map((part) => part.trim());
      return { title, kind, team, skill, minutes: Number(minutes) };
    });

export const JOBS: readonly Job[] = [
  ...jobs(
    "Plumbing",
    "repair",
    `Kitchen sink drains slowly | Drains | 60
     Toilet rocks, floor soft | Drains | 90
     Garbage disposal jammed | Drains | 45
     Main drain backing up | Drains | 120
     Shower valve drips | Drains | 60
     Water heater drips at the relief valve | Gas | 90
     Radiator cold on second floor | Hydronics | 75
     Circulator hums, no flow | Hydronics | 90
     Leak under sink | Drains | 45
     Dishwasher supply valve weeps | Drains | 45
     Sump pump runs without stopping | Drains | 75
     Water pressure low upstairs | Drains | 75
     Outdoor spigot cracked by frost | Drains | 60
     Gas smell at the range, shut off at the meter | Gas | 60
     Expansion tank waterlogged | Hydronics | 75`,
  ),
  ...jobs(
    "Plumbing",
    "inspection",
    `Backflow test, 2 devices | Backflow | 60
     Backflow test, 3 devices | Backflow | 75
     Camera inspection of the main | Drains | 75`,
  ),
  ...jobs(
    "Installation",
    "install",
    `Split unit, two heads | Split units | 240
     Smart thermostats, 6 | Controls | 150
     Panel swap, 100 A | Electric | 180
     Circuit for a heat pump | Electric | 150
     Duct run to the annex | Sheet metal | 210
     Range hood and duct | Sheet metal | 150
     Tankless water heater | Electric | 210`,
  ),
  ...jobs(
    "Installation",
    "repair",
    `Outlet dead in the kitchen | Electric | 60
     Split unit drips inside | Split units | 75
     Duct rattles above the hall | Sheet metal | 60
     Thermostat loses its schedule | Controls | 45
     Breaker trips when the oven starts | Electric | 75`,
  ),
  ...jobs(
    "Installation",
    "quote",
    `Quote: heat pump for the house | Split units | 60
     Quote: new ducts on the ground floor | Sheet metal | 60
     Quote: panel upgrade | Electric | 45`,
  ),
  ...jobs(
    "Heating and air",
    "repair",
    `Furnace locks out at night | Gas | 90
     Boiler short-cycles | Boilers | 90
     Boiler locked out, error F28 | Boilers | 90
     Rooftop unit 2 short-cycles | Rooftop | 120
     Heat pump iced over | Heat pumps | 90
     Thermostat blank after outage | Controls | 45
     No hot water since yesterday | Boilers | 75
     Pilot will not stay lit | Gas | 60
     Condensate pump alarm | Rooftop | 60
     Draft inducer loud | Gas | 75
     Zone valve stuck open | Controls | 75`,
  ),
  ...jobs(
    "Heating and air",
    "maintenance",
    `Furnace, autumn service | Gas | 60
     Boiler, autumn service | Boilers | 75
     Heat pump, yearly check | Heat pumps | 75
     Rooftop units 1 to 4, filters and belts | Rooftop | 120
     Combustion test | Gas | 45
     Filter change, 4 units | Rooftop | 45
     Expansion vessel, yearly | Boilers | 45`,
  ),
];

/** A-42, which guides and tests speak of. */
export const ORDER_42: Job = { title: "Water heater leaking at the base", kind: "repair", team: "Plumbing", skill: "Gas", minutes: 90 };

export const URGENT: readonly Job[] = [
  { title: "No heat, two small children", kind: "repair", team: "Heating and air", skill: "Gas", minutes: 90 },
  { title: "Water in basement, source unknown", kind: "repair", team: "Plumbing", skill: "Drains", minutes: 90 },
];

export const CALL_BACKS: readonly Job[] = [
  { title: "Leak again at shower valve", kind: "call_back", team: "Plumbing", skill: "Drains", minutes: 60 },
  { title: "Furnace noise is back", kind: "call_back", team: "Heating and air", skill: "Gas", minutes: 60 },
  { title: "Still no hot water in the mornings", kind: "call_back", team: "Heating and air", skill: "Boilers", minutes: 75 },
];

/** Stopped work: why, in an office's own words or by one of the known reasons. */
export const HOLDS: readonly (readonly [title: string, team: Team, skill: string, reason: string])[] = [
  ["Circulator pump replacement", "Plumbing", "Hydronics", "Parts: pump due in three days"],
  ["Water heater anode and valve", "Plumbing", "Gas", "Customer: away until Monday"],
  ["Backflow test, 5 devices", "Plumbing", "Backflow", "access"],
  ["Replace condenser, unit 4", "Heating and air", "Rooftop", "Approval: quote sent"],
  ["Roof vent flashing", "Installation", "Sheet metal", "weather"],
  ["Control board for rooftop unit 1", "Heating and air", "Rooftop", "parts"],
  ["Boiler valve group", "Heating and air", "Boilers", "Approval: owner decides Friday"],
];

export const CHECKLISTS: { readonly [Kind in OrderKind]?: readonly string[] } = {
  maintenance: ["Filters changed", "Burner or coil cleaned", "Safety devices tested", "Readings noted", "Shown to customer"],
  inspection: ["Devices tagged", "Readings noted", "Report handed over"],
  install: ["Permit on site", "Old unit removed", "Pressure or load test", "Commissioned", "Site left clean"],
  call_back: ["First repair looked at", "Cause found"],
};

export const NOTES: readonly string[] = [
  "Customer works from home, call 20 min before.",
  "Dog in the yard, friendly. Close the gate.",
  "Parking on the even side only until 15.",
  "Shut-off is behind the dryer, hard to reach.",
  "Tenant lets us in, owner pays. Invoice by mail.",
  "Brought the wrong cartridge last time, take both sizes.",
  "Unit is under warranty: photo of the label before any work.",
  "Wants the old part back.",
  "Ladder needed, 24 ft.\nNobody on the roof in wind.",
  "Was promised a call when we are on the way.",
];

export const RESOLUTIONS: readonly string[] = [
  "Replaced the worn part, tested twice.",
  "Cleared, ran water for ten minutes, no backup.",
  "Cleaned and adjusted. Readings in range.",
  "Temporary repair; part ordered by the customer.",
  "Found a loose connection, tightened, all good.",
];
