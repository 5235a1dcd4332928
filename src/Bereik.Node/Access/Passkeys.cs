using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bereik.Exchange;
using Bereik.Node.Configuration;
using Bereik.Node.Storage;
using Fido2NetLib;
using Fido2NetLib.Objects;
using Microsoft.EntityFrameworkCore;

namespace Bereik.Node.Access;

/// <summary>
/// The second factor (nl: sleutel): a passkey (WebAuthn level 2) of this node alone. SECURITY: one is enrolled only with a code that a colleague hands over; if signing in
/// were enough for that, whoever runs the login could enrol one in anybody's name.
/// </summary>
/// <param name="database">The node's store.</param>
/// <param name="settings">For which address keys count.</param>
/// <param name="clock">The node's clock.</param>
public sealed class Passkeys(NodeDatabase database, NodeSettings settings, TimeProvider clock)
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly TimeSpan CodeLife = TimeSpan.FromDays(14);
    private static readonly TimeSpan QuestionLife = TimeSpan.FromMinutes(5);

    private readonly Fido2 fido = new(new Fido2Configuration
    {
        RPID = settings.PublicAddress.Host, RPName = settings.Name, Origins = new HashSet<string> { settings.PublicAddress.GetLeftPart(UriPartial.Authority) },
    });

    /// <summary>Whether keys can work at this address at all: browsers know none for a bare number.</summary>
    public bool CanWork => settings.PublicAddress.HostNameType == UriHostNameType.Dns;

    /// <summary>Makes a code with which a person may enrol one passkey within 14 days; earlier codes of this person end.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Sixteen letters and digits in groups of four. It is shown once and not kept.</returns>
    public async Task<string> MakeCodeAsync(string subject, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var code = RandomNumberGenerator.GetString(Letters, 16);
        await database.EnrolmentCodes.Where(old => old.Subject == subject && old.UsedAt == null).ExecuteDeleteAsync(cancel);
        database.EnrolmentCodes.Add(new EnrolmentCode { Code = Hash(code), Subject = subject, MadeAt = now, EndsAt = now + CodeLife });
        await database.SaveChangesAsync(cancel);
        return string.Join('-', code.Chunk(4).Select(group => new string(group)));
    }

    /// <summary>Lets every passkey and open code of a person end.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="cancel">Stops.</param>
    public async Task RevokeAllAsync(string subject, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await database.EnrolmentCodes.Where(code => code.Subject == subject && code.UsedAt == null).ExecuteDeleteAsync(cancel);
        await database.Passkeys.Where(key => key.Subject == subject && key.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), cancel);
    }

    /// <summary>Whether a person has a passkey that works.</summary>
    /// <param name="subject">Who.</param>
    /// <param name="cancel">Stops.</param>
    public Task<bool> HasOneAsync(string subject, CancellationToken cancel) => database.Passkeys.AnyAsync(key => key.Subject == subject && key.RevokedAt == null, cancel);

    // Whether anybody who may do this ever enrolled one; also one that was taken back since, so that taking keys back never makes it easier.
    internal async Task<bool> HasAnyEnrolledAsync(Right right, CancellationToken cancel)
    {
        var roles = await database.Passkeys.Join(database.Colleagues, key => key.Subject, person => person.Subject, (_, person) => person.Roles).Distinct().ToListAsync(cancel);
        return roles.Any(words => right.Roles.Any(role => words.Split(' ').Contains(role.Word())));
    }

    internal Task<List<Passkey>> OfAsync(string subject, CancellationToken cancel) =>
        database.Passkeys.AsNoTracking().Where(key => key.Subject == subject && key.RevokedAt == null).OrderBy(key => key.EnrolledAt).ToListAsync(cancel);

    internal Task<int> RevokeAsync(string subject, string id, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return database.Passkeys.Where(key => key.Subject == subject && key.Id == id && key.RevokedAt == null).ExecuteUpdateAsync(set => set.SetProperty(key => key.RevokedAt, now), cancel);
    }

    // What the browser is asked for a new key; null when the code is not this person's, was used or ended.
    internal async Task<string?> AskNewAsync(Session session, string code, CancellationToken cancel)
    {
        if (await FindCodeAsync(session, code, cancel) is not { } found) return null;
        var options = fido.RequestNewCredential(new RequestNewCredentialParams
        {
            User = new Fido2User { Id = Handle(session.Subject), Name = session.Name, DisplayName = session.Name },
            ExcludeCredentials = Describe(await OfAsync(session.Subject, cancel)),
            AuthenticatorSelection = new AuthenticatorSelection { UserVerification = UserVerificationRequirement.Required, ResidentKey = ResidentKeyRequirement.Discouraged },
            AttestationPreference = AttestationConveyancePreference.None,
        });
        await KeepAsync(session, $"{found.Code} {options.ToJson()}", cancel);
        return options.ToJson();
    }

    // Enrols a key that answered; false when it does not hold.
    internal async Task<bool> EnrolAsync(Session session, string answer, CancellationToken cancel)
    {
        if (await TakeAsync(session, cancel) is not { } kept || kept.Split(' ', 2) is not [var code, var asked]) return false;
        var now = clock.GetUtcNow();
        try
        {
            var made = await fido.MakeNewCredentialAsync(
                new MakeNewCredentialParams
                {
                    AttestationResponse = JsonSerializer.Deserialize<AuthenticatorAttestationRawResponse>(answer) ?? throw new JsonException(),
                    OriginalOptions = CredentialCreateOptions.FromJson(asked),
                    IsCredentialIdUniqueToUserCallback = async (credential, stop) =>
                    {
                        var id = StrictBase64Url.Encode(credential.CredentialId);
                        return !await database.Passkeys.AnyAsync(key => key.Id == id, stop);
                    },
                },
                cancel);

            // Of two answers to one code, one counts.
            await using var transaction = await database.Database.BeginTransactionAsync(cancel);
            if (await database.EnrolmentCodes.Where(one => one.Code == code && one.UsedAt == null && one.EndsAt > now).ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedAt, now), cancel) != 1) return false;
            database.Passkeys.Add(new Passkey { Id = StrictBase64Url.Encode(made.Id), Subject = session.Subject, PublicKey = made.PublicKey, SignCount = made.SignCount, EnrolledAt = now, UsedAt = now });
            await database.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            return true;
        }
        catch (Exception wrong) when (wrong is Fido2VerificationException or JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    // What the browser is asked for a key that exists; null when there is none.
    internal async Task<string?> AskAsync(Session session, CancellationToken cancel)
    {
        var keys = await OfAsync(session.Subject, cancel);
        if (keys.Count == 0) return null;
        var options = fido.GetAssertionOptions(new GetAssertionOptionsParams
        {
            AllowedCredentials = Describe(keys), UserVerification = UserVerificationRequirement.Required,
        });
        await KeepAsync(session, options.ToJson(), cancel);
        return options.ToJson();
    }

    // Whether the answer is by a key of this person to what was asked just now.
    internal async Task<bool> IsProvenAsync(Session session, string answer, CancellationToken cancel)
    {
        if (await TakeAsync(session, cancel) is not { } asked) return false;
        try
        {
            var response = JsonSerializer.Deserialize<AuthenticatorAssertionRawResponse>(answer) ?? throw new JsonException();
            var id = StrictBase64Url.Encode(response.RawId);
            if (await database.Passkeys.SingleOrDefaultAsync(key => key.Id == id && key.Subject == session.Subject && key.RevokedAt == null, cancel) is not { } passkey) return false;
            var result = await fido.MakeAssertionAsync(
                new MakeAssertionParams
                {
                    AssertionResponse = response,
                    OriginalOptions = AssertionOptions.FromJson(asked),
                    StoredPublicKey = passkey.PublicKey,
                    StoredSignatureCounter = (uint)passkey.SignCount,
                    IsUserHandleOwnerOfCredentialIdCallback = (owner, _) => Task.FromResult(owner.UserHandle.AsSpan().SequenceEqual(Handle(session.Subject))),
                },
                cancel);
            (passkey.SignCount, passkey.UsedAt) = (result.SignCount, clock.GetUtcNow());
            await database.SaveChangesAsync(cancel);
            return true;
        }
        catch (Exception wrong) when (wrong is Fido2VerificationException or JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    private async Task<EnrolmentCode?> FindCodeAsync(Session session, string code, CancellationToken cancel)
    {
        var (hash, now) = (Hash(code), clock.GetUtcNow());
        return await database.EnrolmentCodes.AsNoTracking().SingleOrDefaultAsync(one => one.Code == hash && one.Subject == session.Subject && one.UsedAt == null && one.EndsAt > now, cancel);
    }

    private Task<int> KeepAsync(Session session, string question, CancellationToken cancel)
    {
        var until = clock.GetUtcNow() + QuestionLife;
        return database.Sessions.Where(one => one.Id == session.Id).ExecuteUpdateAsync(set => set.SetProperty(one => one.Challenge, question).SetProperty(one => one.ChallengeUntil, until), cancel);
    }

    // Takes what was asked out of the session: it is answered once.
    private async Task<string?> TakeAsync(Session session, CancellationToken cancel)
    {
        var (asked, until, now) = (session.Challenge, session.ChallengeUntil, clock.GetUtcNow());
        if (asked is null || until < now) return null;
        return await database.Sessions.Where(one => one.Id == session.Id && one.Challenge == asked).ExecuteUpdateAsync(set => set.SetProperty(one => one.Challenge, (string?)null), cancel) == 1 ? asked : null;
    }

    private static List<PublicKeyCredentialDescriptor> Describe(List<Passkey> keys) => [.. keys.Select(key => new PublicKeyCredentialDescriptor(Base64Url.DecodeFromChars(key.Id)))];

    private static byte[] Handle(string subject) => Bytes32.Sha256(Encoding.UTF8.GetBytes(subject)).ToArray();

    // As people copy it: in lower case, with or without the hyphens, an O for a zero.
    private static string Hash(string code)
    {
        var letters = string.Concat(code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)).Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return Bytes32.Sha256(Encoding.UTF8.GetBytes(letters)).ToString();
    }
}
