import type { CaseState } from '../incident/case.ts';
import { type Actor, type Person, samePerson } from '../person.ts';
import type { FixState } from './fix-state.ts';

/**
 * Everybody who counts as having asked for a fix: who reviewed and requested it, who ran the
 * diagnosis, who declared the incident. An alert is nobody.
 */
export function requestersOf(state: CaseState, fix: FixState): readonly Person[] {
  const actors: readonly (Actor | undefined)[] = [
    fix.request?.by,
    fix.reviewedBy,
    state.runs.get(fix.run)?.startedBy,
    state.incident?.openedBy,
  ];
  return actors.reduce<readonly Person[]>((people, actor) => {
    if (actor?.kind !== 'person') return people;
    const person = { team: actor.team, user: actor.user };
    return people.some((known) => samePerson(known, person)) ? people : [...people, person];
  }, []);
}
