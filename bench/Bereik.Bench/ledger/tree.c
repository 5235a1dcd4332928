// The peer of the tree build: one thread, SHA-256 by libcrypto's own functions, a right edge of perfect subtrees (RFC 6962).
// tree LEAVES prints the root in hexadecimal and the seconds that it took. The leaves are the decimal numbers from 0, of 40 bytes each, padded with zeros.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// As in <openssl/sha.h>, which is not everywhere where the library is.
typedef struct { unsigned char room[256]; } SHA256_CTX;
extern int SHA256_Init(SHA256_CTX *);
extern int SHA256_Update(SHA256_CTX *, const void *, size_t);
extern int SHA256_Final(unsigned char *, SHA256_CTX *);

static void hash(const unsigned char *bytes, size_t length, unsigned char *digest)
{
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, bytes, length);
    SHA256_Final(digest, &context);
}

int main(int count, char **arguments)
{
    long leaves = count > 1 ? atol(arguments[1]) : 0;
    static unsigned char edge[64][32];
    struct timespec begun, ended;
    clock_gettime(CLOCK_MONOTONIC, &begun);
    for (long size = 0; size < leaves; size++) {
        unsigned char leaf[42], node[65], digest[32];
        leaf[0] = 0;
        long number = size;
        for (int at = 40; at > 0; at--, number /= 10) leaf[at] = (unsigned char)('0' + number % 10);
        hash(leaf, 41, digest);
        int height = 0;
        for (; (size >> height & 1) == 1; height++) {
            node[0] = 1;
            memcpy(node + 1, edge[height], 32);
            memcpy(node + 33, digest, 32);
            hash(node, 65, digest);
        }
        memcpy(edge[height], digest, 32);
    }

    unsigned char root[32], node[65];
    int has = 0;
    for (int height = 0; height < 63; height++) {
        if ((leaves >> height & 1) == 0) continue;
        if (has) {
            node[0] = 1;
            memcpy(node + 1, edge[height], 32);
            memcpy(node + 33, root, 32);
            hash(node, 65, root);
        } else {
            memcpy(root, edge[height], 32);
            has = 1;
        }
    }

    clock_gettime(CLOCK_MONOTONIC, &ended);
    for (int at = 0; at < 32; at++) printf("%02x", root[at]);
    printf(" %.6f\n", (double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9);
    return 0;
}
