/** A connection string as people have them, and what of it must never be seen. */
export interface OddString {
  readonly uri: string;
  /** As it is written, decoded, and in parts that would give it away. */
  readonly secrets: readonly string[];
}

const NAME = 'ada';
const HOST = '127.0.0.1:1';

/** A password that is percent-encoded as it should be. */
function encoded(password: string, uri = (login: string) => `mongodb://${login}@${HOST}/shop`): OddString {
  const written = encodeURIComponent(password);
  return { uri: uri(`${NAME}:${written}`), secrets: [password, written, `${NAME}:${written}`] };
}

/** One that is written as it is. */
function raw(password: string, uri = (login: string) => `mongodb://${login}@${HOST}/shop`): OddString {
  return { uri: uri(`${NAME}:${password}`), secrets: [password, `${NAME}:${password}`] };
}

const PASSWORDS = [
  'hunter2',
  'p@ssword',
  'pass:word',
  'pass/word',
  'pass?word',
  'pass#word',
  'pass%word',
  'pass word',
  'pass&w=rd',
  'пароль-ключ',
  '密码密码密码',
  'p🔑ssw🔑rd',
  'pa"ss\\word',
  "it's-secret",
  '$(secret)',
  'mongodb://inner',
  '%2Fslash',
  '<secret>',
  'a.*+b(c)',
  'sécrèt',
];

export const ODD_CONNECTION_STRINGS: readonly OddString[] = [
  ...PASSWORDS.map((password) => encoded(password)),
  ...PASSWORDS.map((password) => raw(password)),
  raw('two@at@signs'),
  raw('h1.example/x@y'),
  raw('line\nbreak-secret'),
  raw('hunter2', (login) => `mongodb+srv://${login}@cluster0.example.invalid/shop`),
  raw('hunter2', (login) => `MongoDB://${login}@${HOST}/shop`),
  raw('hunter2', (login) => `MONGODB+SRV://${login}@cluster0.example.invalid`),
  raw('hunter2', (login) => `  mongodb://${login}@${HOST}/shop  `),
  raw('hunter2', (login) => `mongodb://${login}@127.0.0.1:1,127.0.0.2:2,[::1]:3/shop?replicaSet=rs0`),
  raw('hunter2', (login) => `mongodb://${login}@[::1]:1/shop`),
  raw('hunter2', (login) => `mongodb://${login}@%2Ftmp%2Fnone.sock/shop`),
  raw('hunter2', (login) => `mongodb://${login}@/tmp/none.sock`),
  raw('hunter2', (login) => `mongodb:/${login}@${HOST}/shop`),
  raw('hunter2', (login) => `mongodb//${login}@${HOST}/shop`),
  raw('hunter2', (login) => `mongodb:${login}@${HOST}/shop`),
  raw('hunter2', (login) => `mongo://${login}@${HOST}/shop`),
  raw('hunter2', (login) => `mongodb://${login}@`),
  raw('hunter2', (login) => `mongodb://${login}@${HOST}:x/shop`),
  raw('hunter2', (login) => `mongodb://${login}@ho st/shop`),
  raw('hunter2', (login) => `mongodb://${login}@${HOST}/shop?nope=1`),
  raw('hunter2', (login) => `mongodb://${login}@${HOST}/shop?tls=maybe`),
  raw('hunter2', (login) => `mongodb://${login}@${HOST}/shop?authSource=admin&authSource=other`),
  raw('hunter2', (login) => `mongodb://${login}@${HOST}/shop?appName=mongodb://${login}@inner`),
  { uri: `mongodb://${NAME}:h%ZZunter2@${HOST}/`, secrets: ['h%ZZunter2'] },
  {
    uri: `mongodb://AKIAXYZ:hunter2@${HOST}/?authMechanism=MONGODB-AWS&authMechanismProperties=AWS_SESSION_TOKEN:tokentoken%2F%2B1`,
    secrets: ['hunter2', 'tokentoken/+1', 'tokentoken%2F%2B1'],
  },
  {
    uri: `mongodb://${HOST}/?authMechanismProperties=SERVICE_NAME:abcdef,AWS_SESSION_TOKEN:tokentoken,BROKEN`,
    secrets: ['tokentoken'],
  },
  { uri: `mongodb://${HOST}/?tls=true&tlsCertificateKeyFilePassword=keyfilesecret`, secrets: ['keyfilesecret'] },
  { uri: `mongodb://${HOST}/?TLSCERTIFICATEKEYFILEPASSWORD=keyfilesecret`, secrets: ['keyfilesecret'] },
  {
    uri: `mongodb://${HOST}/?proxyHost=p&proxyUsername=proxyuser&proxyPassword=proxysecret`,
    secrets: ['proxyuser', 'proxysecret'],
  },
  { uri: `mongodb://${HOST}/?proxyPassword=proxysecret`, secrets: ['proxysecret'] },
];
