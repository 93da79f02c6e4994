"""The tables of the store.

Beside the objects stands where single alert rules are: thousands of them are looked up one by one.
Digests of tokens that were deleted or replaced are kept, so that none of them counts again.
Both are kept up by triggers, whoever writes.

`script` in `modules` and `runs` is the address of a Worker, `<account>/<script>`.
"""

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  body TEXT NOT NULL, hidden TEXT NOT NULL, created TEXT NOT NULL, modified TEXT NOT NULL,
  UNIQUE (kind, scope, id)
);
CREATE INDEX IF NOT EXISTS objects_by_name ON objects (kind, scope, name);
CREATE TABLE IF NOT EXISTS modules (
  script TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  content BLOB NOT NULL, PRIMARY KEY (script, place)
);
CREATE TABLE IF NOT EXISTS messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, transport TEXT NOT NULL,
  message TEXT, kind TEXT, incident TEXT, at TEXT NOT NULL, payload TEXT NOT NULL,
  deliveries INTEGER NOT NULL DEFAULT 1, UNIQUE (channel, message)
);
CREATE TABLE IF NOT EXISTS runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT, script TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS runs_of_script ON runs (script, id);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS objects_by_digest ON objects (json_extract(hidden, '$.digest'))
  WHERE json_extract(hidden, '$.digest') IS NOT NULL;
CREATE TABLE IF NOT EXISTS revoked (digest TEXT PRIMARY KEY);
CREATE TRIGGER IF NOT EXISTS digest_deleted AFTER DELETE ON objects
  WHEN json_extract(OLD.hidden, '$.digest') IS NOT NULL
  BEGIN INSERT OR IGNORE INTO revoked VALUES (json_extract(OLD.hidden, '$.digest')); END;
CREATE TRIGGER IF NOT EXISTS digest_replaced AFTER UPDATE OF hidden ON objects
  WHEN json_extract(OLD.hidden, '$.digest') IS NOT NULL
    AND json_extract(OLD.hidden, '$.digest') IS NOT json_extract(NEW.hidden, '$.digest')
  BEGIN INSERT OR IGNORE INTO revoked VALUES (json_extract(OLD.hidden, '$.digest')); END;
CREATE TABLE IF NOT EXISTS rules (
  scope TEXT NOT NULL, rule_group TEXT NOT NULL, uid TEXT, folder TEXT, title TEXT
);
CREATE INDEX IF NOT EXISTS rules_by_uid ON rules (scope, uid);
CREATE INDEX IF NOT EXISTS rules_by_title ON rules (scope, folder, title);
CREATE INDEX IF NOT EXISTS rules_of_group ON rules (scope, rule_group);
CREATE TRIGGER IF NOT EXISTS rules_made AFTER INSERT ON objects WHEN NEW.kind = 'rule-groups'
  BEGIN INSERT INTO rules
    SELECT NEW.scope, NEW.id, json_extract(rule.value, '$.uid'),
      json_extract(rule.value, '$.folderUID'), json_extract(rule.value, '$.title')
      FROM json_each(NEW.body, '$.rules') AS rule; END;
CREATE TRIGGER IF NOT EXISTS rules_changed AFTER UPDATE ON objects WHEN NEW.kind = 'rule-groups'
  BEGIN
    DELETE FROM rules WHERE scope = OLD.scope AND rule_group = OLD.id;
    INSERT INTO rules
    SELECT NEW.scope, NEW.id, json_extract(rule.value, '$.uid'),
      json_extract(rule.value, '$.folderUID'), json_extract(rule.value, '$.title')
      FROM json_each(NEW.body, '$.rules') AS rule;
  END;
CREATE TRIGGER IF NOT EXISTS rules_gone AFTER DELETE ON objects WHEN OLD.kind = 'rule-groups'
  BEGIN DELETE FROM rules WHERE scope = OLD.scope AND rule_group = OLD.id; END;
INSERT INTO rules
  SELECT objects.scope, objects.id, json_extract(rule.value, '$.uid'),
    json_extract(rule.value, '$.folderUID'), json_extract(rule.value, '$.title')
    FROM objects, json_each(objects.body, '$.rules') AS rule
    WHERE objects.kind = 'rule-groups' AND NOT EXISTS (SELECT 1 FROM rules);
"""

STEPS = (
    # Modules and runs were kept by name alone. What several accounts shared, each of them gets.
    """
INSERT INTO modules (script, place, name, type, content)
  SELECT substr(objects.scope, 10) || '/' || objects.id, modules.place, modules.name, type, content
    FROM modules JOIN objects ON objects.kind = 'scripts' AND objects.id = modules.script;
DELETE FROM modules WHERE instr(script, '/') = 0;
INSERT INTO runs (script, body)
  SELECT substr(objects.scope, 10) || '/' || objects.id, runs.body
    FROM runs JOIN objects ON objects.kind = 'scripts' AND objects.id = runs.script
    ORDER BY runs.id;
DELETE FROM runs WHERE instr(script, '/') = 0;
""",
)
"""What brings the store of an older localcloud up to date, each done once and in order."""
