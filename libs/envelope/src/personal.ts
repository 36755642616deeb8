import 'reflect-metadata';

const personalFields = new Map<object, Set<string>>();

/**
 * Marks a payload field that says something about a person (text, address, name, …).
 * The codec encrypts exactly these fields with the contact's data key; headers and keys must never carry one.
 */
export function Personal(): PropertyDecorator {
  return (target, property) => {
    const fields = personalFields.get(target) ?? new Set<string>();
    fields.add(String(property));
    personalFields.set(target, fields);
  };
}

/** Names of the personal fields of a payload class, its parents' included. */
export function personalFieldsOf(payload: abstract new () => object): string[] {
  const names = new Set<string>();
  for (let proto: object | null = payload.prototype; proto; proto = Object.getPrototypeOf(proto)) {
    for (const name of personalFields.get(proto) ?? []) names.add(name);
  }
  return [...names].sort();
}
