/** Thrown when a record is not a CloudEvent, or its payload does not fit its schema. Names places, never values. */
export class UndecodableRecordError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UndecodableRecordError';
  }
}

/** Thrown when a record was written by a newer major version than this process knows: it waits for an upgrade. */
export class NewerSchemaError extends Error {
  constructor(
    readonly topic: string,
    readonly found: string,
    readonly known: string,
  ) {
    super(`A record of '${topic}' has schema version ${found}, this process knows ${known}.`);
    this.name = 'NewerSchemaError';
  }
}
