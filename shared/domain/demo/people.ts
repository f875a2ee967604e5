/**
 * Who works at the demo office and whom it works for: twelve technicians in three teams, households and businesses of an
 * invented US town. No name, number or address is anybody's; phones are of the range kept for fiction (555-01xx).
 */

export type Team = "Plumbing" | "Installation" | "Heating and air";
export const TERRITORIES = ["Hill", "Lakeside", "Mill District", "Old Town"] as const;
export type Territory = (typeof TERRITORIES)[number];

export interface Worker {
  readonly name: string;
  readonly phone: string;
  readonly team: Team;
  readonly territories: readonly Territory[];
  /** The first is what the row says; a level of 1 to 3 each. */
  readonly skills: readonly (readonly [skill: string, level: number])[];
  readonly vehicle: string;
}

export const WORKERS: readonly Worker[] = [
  {
    name: "Rosa Delaney",
    phone: "555-0111",
    team: "Plumbing",
    territories: ["Hill", "Old Town"],
    skills: [
      ["Gas", 3],
      ["Drains", 2],
    ],
    vehicle: "Van 3",
  },
  {
    name: "Owen Pike",
    phone: "555-0112",
    team: "Plumbing",
    territories: ["Old Town"],
    skills: [
      ["Hydronics", 3],
      ["Drains", 1],
    ],
    vehicle: "Van 7",
  },
  {
    name: "Imani Clarke",
    phone: "555-0113",
    team: "Plumbing",
    territories: ["Lakeside"],
    skills: [
      ["Drains", 3],
      ["Backflow", 2],
    ],
    vehicle: "Van 4",
  },
  {
    name: "Stefan Novak",
    phone: "555-0114",
    team: "Plumbing",
    territories: ["Mill District"],
    skills: [
      ["Backflow", 3],
      ["Drains", 2],
    ],
    vehicle: "Van 9",
  },
  {
    name: "Gus Halloran",
    phone: "555-0121",
    team: "Installation",
    territories: ["Hill", "Lakeside"],
    skills: [
      ["Split units", 3],
      ["Electric", 2],
    ],
    vehicle: "Truck 1",
  },
  {
    name: "Leona Marsh",
    phone: "555-0122",
    team: "Installation",
    territories: ["Old Town", "Mill District"],
    skills: [
      ["Electric", 3],
      ["Controls", 2],
    ],
    vehicle: "Truck 2",
  },
  {
    name: "Theo Brandvold",
    phone: "555-0123",
    team: "Installation",
    territories: ["Mill District"],
    skills: [["Sheet metal", 3]],
    vehicle: "Truck 5",
  },
  {
    name: "Carmen Ruiz",
    phone: "555-0131",
    team: "Heating and air",
    territories: ["Hill"],
    skills: [
      ["Heat pumps", 3],
      ["Controls", 1],
    ],
    vehicle: "Van 2",
  },
  {
    name: "Dev Patel",
    phone: "555-0132",
    team: "Heating and air",
    territories: ["Old Town"],
    skills: [
      ["Boilers", 3],
      ["Gas", 2],
    ],
    vehicle: "Van 6",
  },
  {
    name: "Joanna Kessler",
    phone: "555-0133",
    team: "Heating and air",
    territories: ["Lakeside"],
    skills: [
      ["Gas", 3],
      ["Rooftop", 2],
    ],
    vehicle: "Van 8",
  },
  {
    name: "Amos Whitfield",
    phone: "555-0134",
    team: "Heating and air",
    territories: ["Mill District"],
    skills: [
      ["Boilers", 2],
      ["Hydronics", 2],
    ],
    vehicle: "Van 10",
  },
  {
    name: "Lily Tran",
    phone: "555-0135",
    team: "Heating and air",
    territories: ["Hill", "Mill District"],
    skills: [
      ["Rooftop", 3],
      ["Controls", 2],
    ],
    vehicle: "Van 5",
  },
];

export const HOUSEHOLDS: readonly string[] = (
  "Abrams Ainsworth Bardo Bellamy Birch Brandt Calloway Castell Cho Crane Dalca Danforth Dobbs Eastman Ekholm Fairley Farrow Ferro " +
  "Finch Galvan Garner Goff Hale Hartley Hobbs Ibarra Iverson Jarvis Jessop Kaminski Keane Kirby Lachance Lindqvist Lowry Macias Mahler " +
  "Mercer Nakata Nolan Obi Orr Paget Pell Quade Quist Rafferty Rhodes Rossi Sable Sayed Shore Stroud Tate Thorne Udall Vance Varga " +
  "Voss Weller Whitlock Wray Yates Yoder Zamora Zeller"
).split(" ");

export interface Business {
  readonly name: string;
  readonly contact: string;
  readonly role: string;
  readonly hours: string;
  readonly access?: string;
}

export const BUSINESSES: readonly Business[] = [
  {
    name: "Larch Street Library",
    contact: "J. Amaral",
    role: "Caretaker",
    hours: "Mon to Sat 8 to 18",
    access: "Key at the front desk, sign the book. Plant room behind the stacks.",
  },
  {
    name: "Copper Kettle Brewing",
    contact: "M. Osei",
    role: "Head brewer",
    hours: "Mon to Fri 6 to 15",
    access: "Steel toes on the brew floor. Park at dock 2, never in front of the grain chute.",
  },
  {
    name: "Tamarack Dental",
    contact: "S. Ferris",
    role: "Office manager",
    hours: "Mon to Thu 7 to 16",
    access: "No noise over treatment rooms before 12.",
  },
  {
    name: "Hotel Meridian",
    contact: "P. Lindgren",
    role: "Chief engineer",
    hours: "Always",
    access: "Service entrance on Canal Street; ask for the radio.",
  },
  {
    name: "St. Odile School",
    contact: "R. Vance",
    role: "Facilities",
    hours: "School days 7 to 17",
    access: "Check in at the office, badge needed in corridors.",
  },
  {
    name: "Ashgrove Apartments",
    contact: "T. Mbeki",
    role: "Superintendent",
    hours: "Always",
    access: "Gate code from the superintendent, boiler room under house C.",
  },
  {
    name: "Millrace Bakery",
    contact: "L. Duarte",
    role: "Owner",
    hours: "Tue to Sun 3 to 13",
    access: "Ovens run until 11: no gas shut-off before.",
  },
  { name: "Quarry Road Clinic", contact: "A. Castellano", role: "Practice manager", hours: "Mon to Fri 8 to 18" },
  { name: "Fenwick Pottery", contact: "E. Fenwick", role: "Owner", hours: "Wed to Sun 10 to 18" },
  {
    name: "Lakeview Laundry",
    contact: "D. Haddad",
    role: "Manager",
    hours: "Daily 6 to 22",
    access: "Boiler is hot; call when at the back door.",
  },
  {
    name: "Old Town Theater",
    contact: "N. Sokolov",
    role: "Technical director",
    hours: "Tue to Sat 12 to 23",
    access: "Loading door B. Nothing on the stage may be moved.",
  },
  { name: "Birch & Boyd Law", contact: "C. Boyd", role: "Partner", hours: "Mon to Fri 9 to 17" },
  { name: "Kestrel Fitness", contact: "O. Reyes", role: "Manager", hours: "Daily 5 to 23" },
  {
    name: "Riverside Nursing Home",
    contact: "H. Petty",
    role: "Maintenance",
    hours: "Always",
    access: "Hand sanitizer at the door; never shut off hot water without the nurse on duty.",
  },
  { name: "Harlan Hardware", contact: "G. Harlan", role: "Owner", hours: "Mon to Sat 8 to 19" },
  { name: "Northside Garage", contact: "V. Molina", role: "Owner", hours: "Mon to Fri 7 to 17" },
];

const STREETS: readonly (readonly [street: string, territory: Territory])[] = [
  ["Sycamore Court", "Hill"],
  ["Larkspur Way", "Hill"],
  ["Orchard Street", "Hill"],
  ["Summit Avenue", "Hill"],
  ["Juniper Avenue", "Lakeside"],
  ["Wharf Square", "Lakeside"],
  ["Shore Road", "Lakeside"],
  ["Heron Lane", "Lakeside"],
  ["Canal Street", "Mill District"],
  ["Foundry Lane", "Mill District"],
  ["Cooper Court", "Mill District"],
  ["Old Mill Road", "Mill District"],
  ["Chapel Road", "Old Town"],
  ["Mason Terrace", "Old Town"],
  ["Tanner Street", "Old Town"],
  ["Market Row", "Old Town"],
];

/** The address of the customer at this place in the list: no two are alike. */
export const addressOf = (index: number, houseNumber: number): { readonly address: string; readonly territory: Territory } => {
  const [street, territory] = STREETS[index % STREETS.length] ?? ["Market Row", "Old Town"];
  return { address: `${houseNumber + Math.floor(index / STREETS.length) * 200} ${street}`, territory };
};
