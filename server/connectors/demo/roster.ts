// Who works in the demo and who rings it: people of many countries, none of them real.
import type { Chance } from './chance.ts';
import type { TeamId } from './words.ts';
import type { CustomerPlan } from './records.ts';

/** Agents by team. Charles Darnay and Sydney Carton are in the plot of the two calls. */
export const AGENTS: Readonly<Record<TeamId, readonly string[]>> = {
  orders: [
    'Amara Okafor',
    'Jonas Weber',
    'Mei Chen',
    'Lucía Romero',
    'Tomasz Nowak',
    'Aisha Khan',
    'Pierre Laurent',
    'Ingrid Solberg',
    'Ravi Menon',
    'Elif Yıldız',
    'Oskar Berg',
    'Nadia Haddad',
    'Liam Byrne',
    'Sofia Rossi',
  ],
  deliveries: [
    'Charles Darnay',
    'Sydney Carton',
    'Yuki Tanaka',
    'Miguel Santos',
    'Anna Kalniņa',
    'Kofi Mensah',
    'Hanna Virtanen',
    'Diego Fuentes',
    'Priya Nair',
    'Marek Dvořák',
    'Zanele Dube',
    'Erik Lund',
  ],
  returns: [
    'Fatima Zahra',
    'Noah Klein',
    'Li Wei',
    'Camille Moreau',
    'Juris Ozols',
    'Adaeze Eze',
    'Hugo Lindqvist',
    'Valentina Costa',
    'Samir Aziz',
    'Katya Petrova',
    'Owen Pritchard',
  ],
  billing: [
    'Chloé Bernard',
    'Arjun Patel',
    'Marta Kowalska',
    'Daniel Mwangi',
    'Ilze Liepa',
    'Sven Jansen',
    'Leila Farahani',
    'Mateo Vega',
    'Grace Adeyemi',
    'Emil Novák',
    'Rosa Almeida',
    'Thabo Nkosi',
  ],
  technical: [
    'Wang Fang',
    'Isak Dahl',
    'Maya Cohen',
    'Paulo Ribeiro',
    'Agnese Bērziņa',
    'Kwame Boateng',
    'Freya Madsen',
    'Nikos Pappas',
    'Sunita Rao',
    'Luca Ferrari',
    'Tove Strand',
  ],
};

/** One lead a team. */
export const LEADS: Readonly<Record<TeamId, string>> = {
  orders: 'Helena Duarte',
  deliveries: 'Viktor Almgren',
  returns: 'Nomvula Sithole',
  billing: 'Kenji Mori',
  technical: 'Baiba Krūmiņa',
};

/** Supervisors, and the team in which each sits. */
export const SUPERVISORS: readonly (readonly [string, TeamId])[] = [
  ['Miriam Goldfarb', 'orders'],
  ['Zhang Min', 'billing'],
  ['Patrick Oduya', 'technical'],
];

const FIRST = [
  'Alma', 'Bruno', 'Carla', 'Dmitri', 'Esther', 'Farid', 'Gita', 'Henrik', 'Inês', 'Jamal', 'Kaisa',
  'Lars', 'Mónica', 'Nils', 'Olga', 'Pablo', 'Qian', 'Rita', 'Stefan', 'Tara', 'Umar', 'Vera',
  'Wouter', 'Xin', 'Yara', 'Zoltán',
] as const; // prettier-ignore
const LAST = [
  'Abbott',
  'Baker',
  'Castro',
  'Demir',
  'Ekman',
  'Fischer',
  'Gupta',
  'Horvat',
  'Ito',
  'Jensen',
  'Krüger',
  'Lopes',
  'Mazur',
  'Nagy',
  'Osei',
  'Pereira',
  'Quinn',
  'Ramos',
  'Silva',
  'Turner',
  'Ueda',
  'Varga',
  'Wolff',
  'Xu',
  'Yang',
  'Zieliński',
] as const;

/** Numbers that Ofcom keeps for drama, so that no demo shows anybody's own: a thousand behind each. */
const DRAMA = [
  '+44113496',
  '+44114496',
  '+44115496',
  '+44116496',
  '+44117496',
  '+44118496',
  '+44121496',
  '+44131496',
  '+44141496',
  '+44151496',
  '+44161496',
  '+44191498',
  '+44207946',
] as const;

export function customerBy(chance: Chance): CustomerPlan {
  const name = `${chance.pick(FIRST)} ${chance.pick(LAST)}`;
  const last = Math.floor(chance.unit() * 1000);
  return { name, address: `${chance.pick(DRAMA)}0${String(last).padStart(3, '0')}` };
}

/** `Charles D.`: what a wall may show. */
export function aliasOf(name: string): string {
  const [first = name, last = ''] = name.split(' ');
  return last ? `${first} ${last.slice(0, 1)}.` : first;
}

/** `charles-darnay`, in plain letters. */
export function idOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/ı/g, 'i')
    .replace(/[^A-Za-z ]/g, '')
    .toLowerCase()
    .replaceAll(' ', '-');
}
