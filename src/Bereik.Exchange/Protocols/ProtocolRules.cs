using Bereik.Domain;

namespace Bereik.Exchange.Protocols;

// What must hold between the parts of a protocol: completeness for its flow, no contradiction, and nothing that Decide would refuse for good.
internal sealed class ProtocolRules(Protocol protocol, YamlMap tree, List<LintError> errors)
{
    private static readonly int[] RightsOfEveryone = [14, 15, 16, 17, 18];

    public void Check()
    {
        CheckClauses();
        CheckGrounds();
        CheckPurpose();
        CheckFields();
        CheckNumbers();
        CheckConsent();
        CheckCases();
    }

    private void CheckClauses()
    {
        foreach (var twice in protocol.Clauses.GroupBy(clause => clause.Id).Where(group => group.Count() > 1))
        {
            var place = ((YamlList)tree["clauses"]!).Items.OfType<YamlMap>().Where(map => map.Text("id") == twice.Key).Skip(1).First();
            errors.Add(new(place.Line, place.Column, "clause.duplicate", $"The clause '{twice.Key}' stands here twice."));
        }

        foreach (var kind in Protocol.Needed(protocol.Flow).Where(kind => protocol.Clauses.All(clause => clause.GetType() != kind)))
        {
            Add(tree["clauses"]!, "clause.missing", $"The clause '{Clause.IdOf(kind)}' is missing; the flow {protocol.Flow.WireName()} needs it.");
        }

        if (protocol.Find<Clause.Roles>() is { } roles)
        {
            foreach (var twice in roles.Parties.GroupBy(role => role.Party).Where(group => group.Count() > 1)) At(roles, "parties", "value.duplicate", $"The party {Word(twice.Key)} stands here twice.");
            foreach (var party in new[] { Party.Source, Party.Recipient }.Where(party => roles.Parties.All(role => role.Party != party))) At(roles, "parties", "roles.incomplete", $"The role of {Word(party)} is missing.");
            if (protocol.Flow is Flow.Match or Flow.Unknown)
            {
                if (!roles.DisjointOperators) At(roles, "disjointOperators", "roles.operatorsOverlap", "Where tokens are compared, four different operators run the four parties.");
                foreach (var party in new[] { Party.Hub, Party.Pseudonymiser }.Where(party => roles.Parties.All(role => role.Party != party))) At(roles, "parties", "roles.incomplete", $"The role of {Word(party)} is missing.");
            }
        }

        if (protocol.Find<Clause.Officers>() is { } officers)
        {
            foreach (var party in new[] { Party.Source, Party.Recipient }.Where(party => officers.Contacts.All(officer => officer.Party != party))) At(officers, "contacts", "officers.incomplete", $"The officer of {Word(party)} is missing.");
        }
    }

    // Verified is a claim about two people: both officers, by name and day.
    private void CheckGrounds()
    {
        if (protocol.Find<Clause.Authorisation>() is { } authorisation)
        {
            CheckVerified(authorisation, "state", authorisation.State, authorisation.VerifiedBy);
            if (authorisation is { Kind: AuthorisationKind.Deliberation, State: GroundState.Verified, Number: null }) At(authorisation, "kind", "authorisation.number", "A deliberation is named by its number.");
            if (authorisation.Kind != AuthorisationKind.Deliberation && authorisation.Number is not null) At(authorisation, "number", "authorisation.number", "Only a deliberation has a number.");
        }

        foreach (var ground in protocol.Clauses.OfType<Clause.Ground>())
        {
            foreach (var reference in ground.References) CheckVerified(ground, "references", reference.State, reference.VerifiedBy);
            if (ground.Basis == ProcessingBasis.Consent && protocol.Find<Clause.Consent>()?.Role != ConsentRole.LegalBasis) At(ground, "basis", "consent.roleDiffers", "Consent is the basis here, and the clause 'toestemming' does not say so.");
        }
    }

    private void CheckVerified(Clause clause, string key, GroundState state, IReadOnlyList<Clause.Verification> by)
    {
        var both = by.Any(check => check.Party == Party.Source) && by.Any(check => check.Party == Party.Recipient);
        if (state == GroundState.Verified && !both) At(clause, key, "ground.notVerifiedByBoth", "Verified means: read by the officers of source and recipient, each by name and day.");
        if (state != GroundState.Verified && both) At(clause, key, "ground.stateDiffers", "Both officers are named as having verified this, and the state says otherwise.");
    }

    private void CheckPurpose()
    {
        if (protocol.Find<Clause.PurposeClause>() is { } purpose && purpose.Purpose != protocol.Flow.Purpose()) At(purpose, "purpose", "purpose.differs", $"The flow {protocol.Flow.WireName()} has the purpose {protocol.Flow.Purpose().WireName()}, and no other.");
        if (protocol.Find<Clause.ForbiddenUses>() is { } forbidden)
        {
            foreach (var use in new[] { ForbiddenUse.Control, ForbiddenUse.FraudDetection, ForbiddenUse.Recovery, ForbiddenUse.Ranking }.Where(use => !forbidden.Uses.Contains(use))) At(forbidden, "uses", "forbidden.missing", $"The use {Word(use)} must be forbidden.");
            if (protocol.Flow is Flow.Match or Flow.Unknown)
            {
                var (own, other) = protocol.Flow == Flow.Match ? (ForbiddenUse.AutomaticGrant, ForbiddenUse.Outreach) : (ForbiddenUse.Outreach, ForbiddenUse.AutomaticGrant);
                if (forbidden.Uses.Contains(own)) At(forbidden, "uses", "forbidden.ownPurpose", $"The use {Word(own)} is the purpose of this protocol.");
                if (!forbidden.Uses.Contains(other)) At(forbidden, "uses", "forbidden.missing", $"The use {Word(other)} must be forbidden: it is the purpose of another protocol.");
            }
        }

        if (protocol.Find<Clause.Statistics>() is { CountsOnly: false } statistics) At(statistics, "countsOnly", "statistics.rows", "Statistics are counts, never rows.");
        if (protocol.Find<Clause.Publication>() is { ByAllParties: false } publication) At(publication, "byAllParties", "publication.partial", "All parties publish the protocol.");
    }

    private void CheckFields()
    {
        if (protocol.Find<Clause.FieldsClause>() is not { } fields) return;
        foreach (var field in fields.Shared.Where(field => fields.Never.Contains(field.Id))) At(fields, "never", "fields.sharedAndNever", $"The field {field.Id.WireName()} is shared and never shared.");
        if (protocol.Flow == Flow.Match && fields.Shared.Count > 0) At(fields, "shared", "fields.notPresenceOnly", "A match tells presence alone: no field leaves.");
        if (protocol.Flow != Flow.Match && fields.Shared.Count == 0) At(fields, "shared", "fields.none", "Without a field nobody can be reached.");
        foreach (var field in fields.Shared.Where(field => field.Id == RecordField.Insz && protocol.Flow != Flow.Query)) At(fields, "shared", "fields.insz", "A national number is not needed for contact.");
        if (protocol.Find<Clause.Exclusions>() is { } exclusions && protocol.Flow != Flow.Match)
        {
            foreach (var reason in new[] { Exclusion.SafeAddress, Exclusion.Objection }.Where(reason => !exclusions.Reasons.Contains(reason))) At(exclusions, "reasons", "exclusions.missing", $"The exclusion {Word(reason)} is missing.");
        }

        if (protocol.Find<Clause.RecipientsClause>() is { ProfessionalSecrecy: false } recipients && protocol.Flow is not (Flow.Match or Flow.Query)) At(recipients, "professionalSecrecy", "recipients.notBound", "Who reads these rows is bound by professional secrecy.");
    }

    private void CheckNumbers()
    {
        if (protocol.Find<Clause.Retention>() is { } retention)
        {
            if (retention.ContactDays < retention.Days) At(retention, "contactDays", "retention.contradiction", "Rows with contact are not kept shorter than rows without.");
            if (protocol.Find<Clause.InformBy>() is { } inform && inform.Days > retention.Days) At(inform, "days", "informBy.afterRetention", "People are informed before their row is erased.");
            if (protocol.Find<Clause.Attempts>() is { } attempts && attempts.WithinDays > retention.ContactDays) At(attempts, "withinDays", "attempts.afterRetention", "Contact is tried before the row is erased.");
        }

        if (protocol.Find<Clause.Waves>() is { } waves && waves.Most < waves.Least) At(waves, "most", "waves.contradiction", "The most is less than the least.");
        if (protocol.Find<Clause.Duration>() is { } duration)
        {
            if (duration.EvaluateAfterMonths > duration.Months) At(duration, "evaluateAfterMonths", "duration.contradiction", "The evaluation comes before the end.");
            if (protocol.Find<Clause.EntryIntoForce>() is { } force)
            {
                if (force.Until <= force.From) At(force, "until", "force.contradiction", "The last day comes after the first.");
                else if (force.Until > force.From.AddMonths(duration.Months)) At(force, "until", "force.tooLong", "The protocol would last longer than its duration.");
            }
        }

        if (protocol.Find<Clause.Rights>() is { } rights)
        {
            foreach (var article in rights.Articles.Where(article => article is < 12 or > 22)) At(rights, "articles", "rights.unknown", $"Article {article} GDPR gives no right to a person.");
            foreach (var article in RightsOfEveryone.Where(article => !rights.Articles.Contains(article))) At(rights, "articles", "rights.missing", $"The right of article {article} GDPR is missing.");
        }

        if (protocol.Flow == Flow.Unknown && protocol.Find<Clause.OwnData>() is { } own && (own.ClosedWithinMonths == 0 || own.Floor == 0 || own.ShrinkPercent == 0)) At(own, "floor", "known.unbounded", "A list of unknown families needs a definition of known, a floor and a limit to shrinking.");
    }

    private void CheckConsent()
    {
        var consent = protocol.Find<Clause.Consent>();
        var secrecy = protocol.Find<Clause.SharedSecrecy>();
        if (secrecy is not null && secrecy.Conditions.Distinct().Count() < Enum.GetValues<SecrecyCondition>().Length) At(secrecy, "conditions", "secrecy.incomplete", "All five conditions must hold.");
        if (consent?.Role == ConsentRole.Secrecy && secrecy is null) At(consent, "role", "secrecy.missing", "The clause 'beroepsgeheim' is missing.");
        if (consent is not null && protocol.Find<Clause.Rights>() is { } rights && consent.Role == ConsentRole.Safeguard && !rights.Articles.Contains(21)) At(rights, "articles", "rights.missing", "Where consent is a safeguard, people may object: article 21 GDPR.");
    }

    private void CheckCases()
    {
        foreach (var (example, index) in protocol.Cases.Select((example, index) => (example, index)))
        {
            var place = ((YamlList)tree["cases"]!).Items[index];
            foreach (var code in example.Reasons.Where(code => !Reasons.All.ContainsKey(code))) Add(Inside(place, "reasons"), "case.reasonUnknown", "There is no reason with this code.");
            if ((example.Expect == Outcome.Permit) != (example.Reasons.Count == 0)) Add(Inside(place, "expect"), "case.contradiction", "A permit has no reasons, and anything else has one or more.");
        }
    }

    private static string Word(Enum word) => char.ToLowerInvariant(word.ToString()[0]) + word.ToString()[1..];

    private static YamlNode Inside(YamlNode node, string key) => (node as YamlMap)?[key] ?? node;

    private void At(Clause clause, string key, string code, string message)
    {
        var map = ((YamlList)tree["clauses"]!).Items.OfType<YamlMap>().First(map => map.Text("id") == clause.Id);
        Add(Inside(map, key), code, message);
    }

    private void Add(YamlNode node, string code, string message) => errors.Add(new(node.Line, node.Column, code, message));
}
