/* SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "digest.h"

#define BLOCK_SIZE 64
#define NR_WORDS 5
#define NR_ROUNDS 80

static uint32_t rotate(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

/* The function and the constant of a round, which change every 20. */
static uint32_t mix(size_t round, uint32_t b, uint32_t c, uint32_t d)
{
	switch (round / 20) {
	case 0:
		return ((b & c) | (~b & d)) + 0x5a827999;
	case 1:
		return (b ^ c ^ d) + 0x6ed9eba1;
	case 2:
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	default:
		return (b ^ c ^ d) + 0xca62c1d6;
	}
}

static void add_block(uint32_t state[NR_WORDS], const uint8_t *block)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
	uint32_t words[NR_ROUNDS];

	for (size_t i = 0; i < BLOCK_SIZE / 4; i++, block += 4)
		words[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 |
			   (uint32_t)block[2] << 8 | block[3];
	for (size_t i = BLOCK_SIZE / 4; i < NR_ROUNDS; i++)
		words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	for (size_t i = 0; i < NR_ROUNDS; i++) {
		uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + words[i];

		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

void digest_sha1(const uint8_t *bytes, size_t size, uint8_t digest[SHA1_SIZE])
{
	uint32_t state[NR_WORDS] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	uint8_t last[2 * BLOCK_SIZE] = { 0 };
	size_t left = size % BLOCK_SIZE;
	/* a bit behind the bytes, and their length in bits at the end */
	size_t end = left + 1 + 8 <= BLOCK_SIZE ? BLOCK_SIZE : 2 * BLOCK_SIZE;

	for (const uint8_t *block = bytes; block != bytes + size - left; block += BLOCK_SIZE)
		add_block(state, block);
	if (left)
		memcpy(last, bytes + size - left, left);
	last[left] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[end - 1 - i] = (uint8_t)((uint64_t)size * 8 >> 8 * i);
	for (size_t at = 0; at < end; at += BLOCK_SIZE)
		add_block(state, last + at);
	for (size_t i = 0; i < SHA1_SIZE; i++)
		digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}

void digest_text(const uint8_t digest[SHA1_SIZE], char text[2 * SHA1_SIZE + 1])
{
	for (size_t i = 0; i < SHA1_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
}
