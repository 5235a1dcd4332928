using System.Reflection;

namespace Bereik.Node.Access;

/// <summary>The one table of who may do what (nl: rechtentabel). Routes name a right, and <c>docs/roles.md</c> is made from this.</summary>
public static class Rights
{
    private const Role Worker = Role.SocialWorker, Lead = Role.TeamLead, Clerk = Role.Clerk, Steward = Role.DataSteward, Author = Role.ProtocolAuthor, Dpo = Role.DataProtectionOfficer, Operator = Role.Operator, Desk = Role.AnswerDesk;

    /// <summary>The first page of a node.</summary>
    public static readonly Right Overview = new("overview.see", "De eerste pagina zien", "See the first page", Assurance.SignedIn, Worker, Lead, Clerk, Steward, Author, Dpo, Operator, Desk);

    /// <summary>One's own sessions and passkeys.</summary>
    public static readonly Right OwnAccount = new("account.manage", "De eigen aanmeldingen en sleutels beheren", "Manage one's own sign-ins and keys", Assurance.SignedIn, Worker, Lead, Clerk, Steward, Author, Dpo, Operator, Desk);

    /// <summary>Ordering a list.</summary>
    public static readonly Right OrderLists = new("lists.order", "Een lijst aanvragen", "Order a list", Assurance.SignedIn, Lead, Steward);

    /// <summary>How lists stand, without a row.</summary>
    public static readonly Right FollowLists = new("lists.follow", "Zien hoe het met lijsten staat", "See how lists stand", Assurance.SignedIn, Worker, Lead, Clerk, Steward, Dpo);

    /// <summary>Opening the households of a list.</summary>
    public static readonly Right OpenHouseholds = new("households.open", "De werklijst openen", "Open the worklist", Assurance.SecondFactor, Worker, Lead);

    /// <summary>Printing the households of a list.</summary>
    public static readonly Right PrintHouseholds = new("households.print", "De werklijst afdrukken", "Print the worklist", Assurance.Recent, Worker, Lead);

    /// <summary>Giving the households of the own team to a colleague.</summary>
    public static readonly Right LeadHouseholds = new("households.lead", "Gezinnen van het eigen team verdelen", "Divide the households of the own team", Assurance.SecondFactor, Lead);

    /// <summary>Taking a household of a list into a file of the organisation's own.</summary>
    public static readonly Right TakeOverHouseholds = new("households.takeOver", "Een gezin van een lijst overnemen in een eigen dossier", "Take a household of a list into an own file", Assurance.Recent, Worker, Lead);

    /// <summary>Opening the residents of a grant list.</summary>
    public static readonly Right OpenGrants = new("grants.open", "De lijst voor de toekenning openen", "Open the grant list", Assurance.SecondFactor, Clerk);

    /// <summary>Referring a person with consent, and following how it goes.</summary>
    public static readonly Right Refer = new("referrals.make", "Iemand met toestemming doorverwijzen", "Refer somebody with consent", Assurance.SecondFactor, Worker, Lead);

    /// <summary>Opening what was referred to one's own team.</summary>
    public static readonly Right OpenReferrals = new("referrals.open", "Verwijzingen naar het eigen team openen", "Open referrals to the own team", Assurance.SecondFactor, Worker, Lead);

    /// <summary>The queue of one's own team: who has what, and giving it to another.</summary>
    public static readonly Right LeadReferrals = new("referrals.lead", "De wachtrij van het eigen team zien en verdelen", "See and divide the queue of the own team", Assurance.SecondFactor, Lead);

    /// <summary>Taking a referral into a file of the organisation's own.</summary>
    public static readonly Right TakeOverReferrals = new("referrals.takeOver", "Een verwijzing overnemen in een eigen dossier", "Take a referral into an own file", Assurance.Recent, Worker, Lead);

    /// <summary>Helping somebody at the counter to say yes to a letter, and standing for one that a colleague helped with.</summary>
    public static readonly Right AssistAnswers = new("answers.assist", "Iemand aan de balie helpen om ja te zeggen op een brief", "Help somebody at the counter to say yes to a letter", Assurance.SecondFactor, Worker, Lead);

    /// <summary>How often somebody said that a yes was not theirs.</summary>
    public static readonly Right SeeDenials = new("answers.denials", "Zien hoe vaak een ja niet van de persoon zelf was", "See how often a yes was not the person's own", Assurance.SignedIn, Dpo);

    /// <summary>Taking a list out as a file.</summary>
    public static readonly Right ExportRows = new("rows.export", "Een lijst uitvoeren als bestand", "Take a list out as a file", Assurance.Recent, Worker, Lead, Clerk);

    /// <summary>A person's own proof that a row is in the log.</summary>
    public static readonly Right MakeProofs = new("proofs.make", "Een bewijs voor een persoon maken", "Make a person's proof", Assurance.SecondFactor, Lead, Clerk, Dpo);

    /// <summary>The organisation's own file of clients or residents.</summary>
    public static readonly Right ManageFiles = new("files.manage", "Het eigen bestand beheren", "Manage the own file", Assurance.SignedIn, Steward, Lead);

    /// <summary>Seeing the accession.</summary>
    public static readonly Right SeeAccessions = new("accessions.see", "De toetredingen zien", "See the accessions", Assurance.SignedIn, Author, Steward, Lead, Dpo, Operator);

    /// <summary>Preparing, signing, suspending and ending the accession.</summary>
    public static readonly Right ManageAccessions = new("accessions.manage", "Toetreden, schorsen en beëindigen", "Accede, suspend and end", Assurance.SignedIn, Author);

    /// <summary>Who opened what, and each decision.</summary>
    public static readonly Right SeeDecisions = new("decisions.see", "De beslissingen nakijken", "Look through the decisions", Assurance.SignedIn, Dpo, Steward);

    /// <summary>Opening a list of another team, with a reason.</summary>
    public static readonly Right WidenAccess = new("access.widen", "Een lijst van een ander team openen, met een reden", "Open a list of another team, with a reason", Assurance.Recent, Worker, Lead, Clerk);

    /// <summary>Proposing what a colleague is bound by, and suspending at once.</summary>
    public static readonly Right AttestWorkers = new("workers.attest", "Een attest van een collega voorstellen of schorsen", "Propose or suspend a colleague's attestation", Assurance.SignedIn, Lead, Steward, Dpo);

    /// <summary>Confirming a colleague's attestation, and handing over a code for a key. SECURITY: with the login alone, whoever runs it could do both.</summary>
    public static readonly Right ConfirmWorkers = new("workers.confirm", "Een attest bevestigen en een code voor een sleutel geven", "Confirm an attestation and hand over a code for a key", Assurance.RecentAfterFirst, Lead, Steward, Dpo);

    /// <summary>Reading the register of attestations.</summary>
    public static readonly Right SeeWorkers = new("workers.see", "Het register van attesten zien", "See the register of attestations", Assurance.SignedIn, Lead, Steward, Dpo);

    /// <summary>Reviewing who looked beyond the own team.</summary>
    public static readonly Right ReviewAccess = new("access.review", "Ruimere inzage nakijken", "Review wider access", Assurance.SignedIn, Dpo);

    /// <summary>What is erased when, and the certificates.</summary>
    public static readonly Right SeeErasures = new("erasures.see", "Zien wat wanneer gewist wordt, en de attesten", "See what is erased when, and the certificates", Assurance.SignedIn, Dpo, Steward);

    /// <summary>The software of suppliers that may call this node.</summary>
    public static readonly Right ManageClients = new("clients.manage", "Toepassingen van leveranciers beheren", "Manage suppliers' software", Assurance.SignedIn, Operator);

    /// <summary>Orders that came to the source.</summary>
    public static readonly Right SeeRequests = new("requests.see", "Aanvragen zien", "See the orders received", Assurance.SignedIn, Steward, Author, Dpo);

    /// <summary>Approving or refusing an order at the source.</summary>
    public static readonly Right DecideRequests = new("requests.decide", "Een aanvraag goedkeuren of weigeren", "Approve or refuse an order", Assurance.SignedIn, Steward);

    /// <summary>Handing the letters of a wave to the printer, and saying that they were posted.</summary>
    public static readonly Right HandOutLetters = new("letters.handOut", "Brieven van een golf afgeven aan de drukker", "Hand the letters of a wave to the printer", Assurance.SignedIn, Steward);

    /// <summary>Objections to letters: confirming, deciding on unusual ones, undoing one.</summary>
    public static readonly Right DecideObjections = new("objections.decide", "Bezwaren tegen brieven opnemen, bevestigen of opheffen", "Take up, confirm or lift objections to letters", Assurance.SignedIn, Steward);

    /// <summary>The source's register: reading it in.</summary>
    public static readonly Right ManageRegister = new("register.manage", "Het register van de bron inlezen", "Read the source's register in", Assurance.SignedIn, Steward);

    /// <summary>Protocols and accessions as the source sees them.</summary>
    public static readonly Right SeeProtocols = new("protocols.see", "De protocollen zien", "See the protocols", Assurance.SignedIn, Steward, Author, Dpo, Operator);

    /// <summary>An officer's advice on a protocol.</summary>
    public static readonly Right AdviseProtocols = new("protocols.advise", "Advies geven over een protocol", "Advise on a protocol", Assurance.SignedIn, Dpo);

    /// <summary>Signing and publishing a protocol.</summary>
    public static readonly Right SignProtocols = new("protocols.sign", "Een protocol ondertekenen en bekendmaken", "Sign and publish a protocol", Assurance.SignedIn, Author);

    /// <summary>Suspending or ending a protocol or somebody's accession at the source.</summary>
    public static readonly Right StopProtocols = new("protocols.stop", "Een protocol of toetreding schorsen of beëindigen", "Suspend or end a protocol or accession", Assurance.SignedIn, Author, Dpo);

    /// <summary>The hub operator's work on the register of protocols.</summary>
    public static readonly Right KeepRegister = new("protocols.keep", "Het register van de protocollen beheren", "Keep the register of protocols", Assurance.SignedIn, Operator, Author, Dpo);

    /// <summary>The hub's mail room and telephone: putting in an answer to a letter.</summary>
    public static readonly Right TakeAnswers = new("answers.take", "Antwoorden van een strook of de telefoon ingeven", "Enter answers from a slip or the telephone", Assurance.SignedIn, Desk);

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Right> All { get; } =
        [.. typeof(Rights).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<Right>().OrderBy(right => right.Name, StringComparer.Ordinal)];
}
