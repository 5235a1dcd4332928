// The peer: node-casbin with the same rule as a matcher, one policy a field, asked with enforceEx so that it names the policy that decided.
import { readFileSync } from 'node:fs';
import { newEnforcer, newModel, StringAdapter } from 'casbin';

const input = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const facts = [
  'r.field == p.field', 'r.household.purpose == p.purpose', 'r.household.synthetic == true', 'r.household.suspended == false',
  '(r.household.state == "draft" || r.household.state == "inForce")', `r.household.noticeDays >= ${input.daysBefore}`, 'told(r.household.told, r.field)',
  ...input.exclusions.map(reason => `r.household.excluded.${reason} == false`),
];
const model = newModel(`
[request_definition]
r = household, field
[policy_definition]
p = field, purpose
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${facts.join(' && ')}
`);
const enforcer = await newEnforcer(model, new StringAdapter(input.shared.map(field => `p, ${field}, outreach`).join('\n')));
await enforcer.addFunction('told', (told, field) => told.split(' ').includes(field));

async function run(households) {
  let permits = 0;
  for (const household of households) {
    for (const field of input.fields) {
      const [allowed] = await enforcer.enforceEx(household, field);
      if (allowed) permits++;
    }
  }
  return permits;
}

await run(input.households.slice(0, 200));
const begun = process.hrtime.bigint();
const permits = await run(input.households);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
console.log(JSON.stringify({ decisions: input.households.length * input.fields.length, permits, seconds }));
