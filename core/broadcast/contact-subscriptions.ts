/** Who watches which contact, found without looking at those who watch none. */
export class ContactSubscriptions<Member> {
  readonly #byContact = new Map<string, Set<Member>>();

  add(contactId: string, member: Member): void {
    const members = this.#byContact.get(contactId) ?? new Set();
    this.#byContact.set(contactId, members.add(member));
  }

  delete(contactId: string, member: Member): void {
    const members = this.#byContact.get(contactId);
    members?.delete(member);
    if (members?.size === 0) this.#byContact.delete(contactId);
  }

  of(contactId: string): Iterable<Member> {
    return this.#byContact.get(contactId) ?? [];
  }

  contactIds(): Iterable<string> {
    return this.#byContact.keys();
  }
}
