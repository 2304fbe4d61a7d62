// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

import CCrypto

/// Hashes and message authentication codes of libcrypto.
package enum MessageAuthentication {
    /// A hash function.
    package enum Hash: Sendable {
        /// SHA-1 (FIPS 180-4); strong enough inside HMAC, where collisions do not help an attacker.
        case sha1
        /// SHA-256 (FIPS 180-4).
        case sha256

        fileprivate var function: OpaquePointer? { self == .sha1 ? EVP_sha1() : EVP_sha256() }
    }

    /// The HMAC (RFC 2104) of a message.
    package static func code(_ hash: Hash, of message: [UInt8], key: [UInt8]) -> [UInt8] {
        // libcrypto takes the key's length as a C int; a longer key is no key of anybody's.
        precondition(key.count <= Int(Int32.max), "a key of more than 2 GiB")
        return [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { target, count in
            var length: UInt32 = 0
            let result = HMAC(
                hash.function, key, Int32(key.count), message, message.count, target.baseAddress, &length)
            precondition(result != nil, "libcrypto refuses to compute an HMAC; is it the distribution's own?")
            count = Int(length)
        }
    }

    /// The hash of some bytes.
    package static func digest(_ hash: Hash, of bytes: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { target, count in
            var length: UInt32 = 0
            let isDone = EVP_Digest(bytes, bytes.count, target.baseAddress, &length, hash.function, nil)
            precondition(isDone == 1, "libcrypto refuses to compute a hash; is it the distribution's own?")
            count = Int(length)
        }
    }

    /// Whether two texts are the same, in a time that depends on their lengths alone.
    package static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Bytes that nobody can guess.
    package static func randomBytes(_ count: Int) -> [UInt8] {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
}
