// SQLite as a Durable Object has it, in memory.
import { DatabaseSync } from "node:sqlite";

export class Sql {
  constructor() {
    this.database = new DatabaseSync(":memory:");
  }

  exec(query, ...values) {
    const rows = this.database.prepare(query).all(...values);
    return { toArray: () => rows, one: () => rows[0] };
  }
}
