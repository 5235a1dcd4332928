using System.Security.Claims;
using Bereik.Node.Access;
using Bereik.Node.Configuration;
using Shouldly;
using Xunit;

namespace Bereik.Node.Tests.Access;

// What a login says becomes a person of this organisation, or nobody.
public sealed class LoginClaimsTests
{
    private static readonly SignInSettings Settings = new() { OrganisationCodes = ["OVO002001", "0207437468"] };

    [Fact]
    public void Claims_OfACivilServant_GiveNameAndRolesHere()
    {
        var login = Read(("vo_id", "a1b2"), ("given_name", "Noor"), ("family_name", "Janssens"), ("vo_orgcode", "OVO002001"), ("bereik_rol_3D", "dpo:OVO002001"), ("bereik_rol_3D", "datasteward:0207437468"), ("bereik_rol_3D", "beheerder:OVO009999"), ("bereik_rol_3D", "koning:OVO002001"));
        login.Code.ShouldBeNull();
        (login.Person!.Subject, login.Person.Name).ShouldBe(("a1b2", "Noor Janssens"));
        login.Person.Roles.ShouldBe([Role.DataSteward, Role.DataProtectionOfficer]);
    }

    [Theory]
    [InlineData("login.subject", "given_name=Noor", "vo_orgcode=OVO002001", "bereik_rol_3D=dpo:OVO002001")]
    [InlineData("login.subject", "vo_id=85.72.12-100.32", "vo_orgcode=OVO002001", "bereik_rol_3D=dpo:OVO002001")]
    [InlineData("login.subject", "vo_id=85721210032", "vo_orgcode=OVO002001", "bereik_rol_3D=dpo:OVO002001")]
    [InlineData("login.otherOrganisation", "vo_id=a", "vo_orgcode=OVO009999", "bereik_rol_3D=dpo:OVO002001")]
    [InlineData("login.otherOrganisation", "vo_id=a", "bereik_rol_3D=dpo:OVO002001")]
    [InlineData("login.noRole", "vo_id=a", "vo_orgcode=OVO002001")]
    [InlineData("login.noRole", "vo_id=a", "vo_orgcode=OVO002001", "bereik_rol_3D=dpo")]
    [InlineData("login.noRole", "vo_id=a", "vo_orgcode=OVO002001", "bereik_rol_3D=dpo:OVO009999")]
    [InlineData("login.noRole", "vo_id=a", "vo_orgcode=OVO002001", "bereik_rol_3D=DPO:OVO002001")]
    public void Claims_ThatDoNotHold_GiveNobodyAndSayWhy(string code, params string[] claims)
    {
        var login = Read([.. claims.Select(claim => (claim.Split('=')[0], claim.Split('=')[1]))]);
        (login.Person, login.Code).ShouldBe((null, code));
    }

    [Fact]
    public void TargetGroup_NotAllowed_GivesNobody()
    {
        var settings = new SignInSettings { OrganisationCodes = ["OVO002001"], TargetGroups = ["LB"] };
        LoginClaims.Read(Claims(("vo_id", "a"), ("vo_orgcode", "OVO002001"), ("vo_doelgroepcode", "GID"), ("bereik_rol_3D", "dpo:OVO002001")), settings).Code.ShouldBe("login.targetGroup");
        LoginClaims.Read(Claims(("vo_id", "a"), ("vo_orgcode", "OVO002001"), ("vo_doelgroepcode", "LB"), ("bereik_rol_3D", "dpo:OVO002001")), settings).Code.ShouldBeNull();
    }

    [Fact]
    public void Provider_WithItsOwnWords_IsReadBySettings()
    {
        var settings = new SignInSettings { OrganisationCodes = ["aalst"], Claims = new ClaimNames { Subject = "sub", Organisation = "org", Roles = "groups" }, RoleWords = new Dictionary<string, string> { ["bereik-lezer"] = "maatschappelijkwerker" } };
        LoginClaims.Read(Claims(("sub", "u1"), ("org", "aalst"), ("groups", "bereik-lezer:aalst")), settings).Person!.Roles.ShouldBe([Role.SocialWorker]);
    }

    [Fact]
    public void Person_AsText_IsNobody() => Read(("vo_id", "a1b2"), ("given_name", "Noor"), ("vo_orgcode", "OVO002001"), ("bereik_rol_3D", "dpo:OVO002001")).Person!.ToString().ShouldBe("[persoon]");

    private static LoginResult Read(params (string Name, string Value)[] claims) => LoginClaims.Read(Claims(claims), Settings);

    private static ClaimsPrincipal Claims(params (string Name, string Value)[] claims) => new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Name, claim.Value)), "test"));
}
