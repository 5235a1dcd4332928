using System.Runtime.InteropServices;

namespace Bereik.Source.Letters;

// Of a font, what a letter can need: HarfBuzz's own subsetting, for which its package has no C#. The file of a run then carries a fifth of each font.
internal static unsafe partial class FontSubset
{
    private const string Library = "libHarfBuzzSharp";

    public static byte[] Of(HarfBuzzSharp.Face face, IEnumerable<(int First, int Last)> characters)
    {
        var input = CreateInput();
        if (input == 0) throw new InvalidOperationException("There is no memory for a font.");
        nint kept = 0, blob = 0;
        try
        {
            var set = UnicodeSet(input);
            foreach (var (first, last) in characters) AddRange(set, (uint)first, (uint)last);
            kept = Subset(face.Handle, input);
            if (kept == 0) throw new InvalidOperationException("A font that ships could not be cut.");
            blob = ReferenceBlob(kept);
            var bytes = BlobData(blob, out var length);
            return new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
        }
        finally
        {
            if (blob != 0) DestroyBlob(blob);
            if (kept != 0) DestroyFace(kept);
            DestroyInput(input);
        }
    }

    [LibraryImport(Library, EntryPoint = "hb_subset_input_create_or_fail")]
    private static partial nint CreateInput();

    [LibraryImport(Library, EntryPoint = "hb_subset_input_unicode_set")]
    private static partial nint UnicodeSet(nint input);

    [LibraryImport(Library, EntryPoint = "hb_set_add_range")]
    private static partial void AddRange(nint set, uint first, uint last);

    [LibraryImport(Library, EntryPoint = "hb_subset_or_fail")]
    private static partial nint Subset(nint face, nint input);

    [LibraryImport(Library, EntryPoint = "hb_face_reference_blob")]
    private static partial nint ReferenceBlob(nint face);

    [LibraryImport(Library, EntryPoint = "hb_blob_get_data")]
    private static partial byte* BlobData(nint blob, out uint length);

    [LibraryImport(Library, EntryPoint = "hb_blob_destroy")]
    private static partial void DestroyBlob(nint blob);

    [LibraryImport(Library, EntryPoint = "hb_face_destroy")]
    private static partial void DestroyFace(nint face);

    [LibraryImport(Library, EntryPoint = "hb_subset_input_destroy")]
    private static partial void DestroyInput(nint input);
}
