import assert from 'node:assert/strict';
import { redactText } from '../../../../../../src/core/database/mongo/connection/redactText';
import {
  databaseOfUri,
  nameOfUri,
  optionsOfUri,
  redactUri,
} from '../../../../../../src/core/database/mongo/connection/connectionString';

describe('connection strings', () => {
  const cases: [uri: string, name: string, database: string | undefined, shown: string][] = [
    ['mongodb://127.0.0.1:27017', '127.0.0.1:27017', undefined, 'mongodb://127.0.0.1:27017'],
    ['mongodb://localhost/', 'localhost', undefined, 'mongodb://localhost'],
    ['mongodb://localhost/shop', 'localhost/shop', 'shop', 'mongodb://localhost/shop'],
    [
      'mongodb+srv://u:p%40ss@c.mongodb.net/shop?retryWrites=true',
      'c.mongodb.net/shop',
      'shop',
      'mongodb+srv://***@c.mongodb.net/shop?retryWrites=true',
    ],
    [
      'mongodb://u:pw@a:1,b:2,[::1]:3/?replicaSet=rs0',
      'a:1,b:2,[::1]:3',
      undefined,
      'mongodb://***@a:1,b:2,[::1]:3/?replicaSet=rs0',
    ],
    ['mongodb://u@h/db', 'h/db', 'db', 'mongodb://***@h/db'],
    // What should have been encoded, and was not.
    ['mongodb://u:p@ss@host/db', 'host/db', 'db', 'mongodb://***@host/db'],
    ['mongodb://u:p/w@host/db', 'host/db', 'db', 'mongodb://***@host/db'],
    ['mongodb://u:p?w@host/db', 'host/db', 'db', 'mongodb://***@host/db'],
    ['mongodb://u:p w@host/db', 'host/db', 'db', 'mongodb://***@host/db'],
    ['mongodb://u:p@h1/x@host', 'host', undefined, 'mongodb://***@host'],
    ['mongodb://u:p#@host/db', 'host/db', 'db', 'mongodb://***@host/db'],
    // The form that Azure gives out.
    [
      'mongodb://acct:aGk==@acct.mongo.cosmos.azure.com:10255/?ssl=true&appName=@acct@',
      'acct.mongo.cosmos.azure.com:10255',
      undefined,
      'mongodb://***@acct.mongo.cosmos.azure.com:10255/?ssl=true&appName=@acct@',
    ],
    [
      'mongodb://h/?tlsCertificateKeyFilePassword=abc&authMechanismProperties=AWS_SESSION_TOKEN:xyz',
      'h',
      undefined,
      'mongodb://h/?tlsCertificateKeyFilePassword=***&authMechanismProperties=***',
    ],
    [
      'mongodb://%2Ftmp%2Fmongodb-27017.sock/db',
      '%2Ftmp%2Fmongodb-27017.sock/db',
      'db',
      'mongodb://%2Ftmp%2Fmongodb-27017.sock/db',
    ],
    ['mongodb://', 'MongoDB', undefined, 'mongodb://***'],
    ['postgres://u:p@h/db', 'MongoDB', undefined, '***'],
  ];
  for (const [uri, name, database, shown] of cases) {
    it(uri, () =>
      assert.deepEqual(
        { name: nameOfUri(uri), database: databaseOfUri(uri), shown: redactUri(uri) },
        { name, database, shown },
      ),
    );
  }

  it('knows options by name', () => {
    assert.deepEqual(
      [...optionsOfUri('mongodb://h/db?ReplicaSet=rs0&appName=a%20b')],
      [
        ['replicaset', 'rs0'],
        ['appname', 'a b'],
      ],
    );
  });

  it('takes secrets out of texts', () => {
    const uri = 'mongodb://ada:s%40cret@h/db';
    assert.equal(
      redactText(`cannot use ${uri}: s@cret or s%40cret is wrong`, uri),
      'cannot use mongodb://***@h/db: *** or *** is wrong',
    );
    assert.equal(
      redactText('see "mongodb://a:b@h/x" and mongodb+srv://c:d@e.f', undefined),
      'see "mongodb://***@h/x" and mongodb+srv://***@e.f',
    );
  });
});
