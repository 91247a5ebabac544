/**
 * Hashes that other programs made, checked by ours. Each row was made by the program that it names: passlib and Django of Debian 12,
 * PHP's password_hash, and the published examples of Firebase, RFC 7914 and crypt(3).
 */
import argon2 from 'argon2'
import { describe, expect, it } from 'vitest'
import { familiesWith, findHash } from '../../src/domain/hashing/families/all.ts'
import { layered, readDigest } from '../../src/domain/hashing/families/digest.ts'

const PLAIN = 'password'
const UNICODE = 'pässword ☃'
const QUOTED = 'O\'Neil "x"'
/** Longer than the 72 bytes that bcrypt reads. */
const LONG = 'x'.repeat(80)

const DJANGO_SHA1 = 'fd5538aabcab06d6c9f6a2bae06401274ea33a3b'

const families = familiesWith(argon2.verify)
const find = (text: string) => findHash(families, text)

// biome-ignore format: one row for each hash
const MADE: readonly (readonly [by: string, password: string, hash: string])[] = [
  ['passlib 1.7: bcrypt_2b', PLAIN, '$2b$04$mKleuOR2QZPHMAQPcFSh0.4l6eg2Em4O/0Mm4YJvSC2OokKj7ubpu'],
  ['passlib 1.7: bcrypt_2b', UNICODE, '$2b$04$daoeW2M2.90yEEpH3hxMPef1FVhELyb8igmtvCoXs14HZRTyKnuw2'],
  ['passlib 1.7: bcrypt_2b', LONG, '$2b$04$U5IxlwboJ28Qf4jopWiEbe2AoPhsywV02jnElK7GKmXR.VfuhvjPy'],
  ['passlib 1.7: bcrypt_2y', PLAIN, '$2y$04$xi5eKRYnO9Aqo1dqkhqw1eeCDkz.xBrTLKaTdXHdyjVJBOpm7Uu9a'],
  ['passlib 1.7: bcrypt_2y', UNICODE, '$2y$04$uGBfFlnqbyEFiWgoK/yQ5us6m7baPjIUZ58oBrjz/q8MWpkRexlve'],
  ['passlib 1.7: bcrypt_2y', LONG, '$2y$04$JaZ.3w0tZpg0knD78O89F./drjHrE1A4ZY4A0m07kimeMv6xi6dCq'],
  ['passlib 1.7: bcrypt_2a', PLAIN, '$2a$04$/zmY.EkYfdxVv5ya8fIPx.NzmP7wFz9BCY9BoA30oEsDO5oWQ.5Am'],
  ['passlib 1.7: bcrypt_2a', UNICODE, '$2a$04$F95j8PG4eJOjtWnsV/Ja6O9CvYjJBz9T0qCRH8Av.Z.3ac6i6SApu'],
  ['passlib 1.7: bcrypt_2a', LONG, '$2a$04$xDSK3qS202O8rzigJS3SDuJXb.H64fAbZp3LeHioE4o7no6CUNjia'],
  ['passlib 1.7: passlib_bcrypt_sha256', PLAIN, '$bcrypt-sha256$v=2,t=2b,r=4$wFNJr0Ejl9BMDiP7myjlMO$JKo8qNbF2w3StXYx8CxwcWkcusH1Lg2'],
  ['passlib 1.7: passlib_bcrypt_sha256', UNICODE, '$bcrypt-sha256$v=2,t=2b,r=4$Sbc0ckkxhZu0ikSo7WMww.$77QvE1m5QDgwp8MtxzOf3M677FFLB4.'],
  ['passlib 1.7: passlib_bcrypt_sha256', LONG, '$bcrypt-sha256$v=2,t=2b,r=4$mMsKrMS2Eb9uMo946iGwDu$cRRclVlSBToQnUOE.IJxV5qaWBajE9m'],
  ['passlib 1.7: passlib_bcrypt_sha256_v1', PLAIN, '$bcrypt-sha256$2b,4$XT5rZwJYKXumr/PWboyGR.$2x/j0v20HwiYbO.GMgoGi1IQ6oMz.tG'],
  ['passlib 1.7: passlib_bcrypt_sha256_v1', UNICODE, '$bcrypt-sha256$2b,4$lBhaFj/c4FmQL.ZaE/bePu$19I07XQ5SwJFBVFrfxN2UIfMi88mRwq'],
  ['passlib 1.7: passlib_bcrypt_sha256_v1', LONG, '$bcrypt-sha256$2b,4$oaqqgGGvFwxUcT6M8IP2w.$QiTGDYSg9h7W3t8u2VlNRrQ0aDqZ7rC'],
  ['passlib 1.7: scrypt', PLAIN, '$scrypt$ln=5,r=8,p=1$w1grxbgXgpCSshbCeM/5/w$ab5cwfEFMLyJ3TI/2rn4aBew7BDYo9ZUikn61e+8ogg'],
  ['passlib 1.7: scrypt', UNICODE, '$scrypt$ln=5,r=8,p=1$ivH+/5/z/p8TgpASYmxtLQ$w3Xn+r9uCEloMBn6YBOc+qDSsSsFKpEVcBVgjD53grM'],
  ['passlib 1.7: scrypt', LONG, '$scrypt$ln=5,r=8,p=1$E6LUWmuNkVIKYWyt9V4LwQ$803Vk+ZIK13t8cBRBt8EceW8GuFHHMVY5WdesASzDGQ'],
  ['passlib 1.7: pbkdf2_sha256', PLAIN, '$pbkdf2-sha256$500$Zuxdq/Veq1WKkfJ.z/kfQw$pq4FPsIz9KlhDAVCJfka5HRg7QB19JDmqxEMk4zAEUo'],
  ['passlib 1.7: pbkdf2_sha256', UNICODE, '$pbkdf2-sha256$500$HAOgNIZQCgGgFOKc8/6f0w$h6/4m0oRX7H.VIvZlyzPSXEUMB3jwUqi3pk1MyqJl.Y'],
  ['passlib 1.7: pbkdf2_sha256', LONG, '$pbkdf2-sha256$500$CgHgfM/Z.1.rtZaSEmKs1Q$iem0givprd.WiKgLljvLD9B/yKZ293mv/j8Twq1lZkQ'],
  ['passlib 1.7: pbkdf2_sha512', PLAIN, '$pbkdf2-sha512$500$8B6j1JozRqiVEuL83xuDkA$HqccUvI.BZsXc9JrpOg/ukKVlC3/XF6ilzh7nphsTX6zgJWB2qNXBvUuVKfyw9LnrEbRJgjmw3J0bT4XLhpH4w'],
  ['passlib 1.7: pbkdf2_sha512', UNICODE, '$pbkdf2-sha512$500$EsIY43xPqZWylhKilPL.Hw$3HTbrlWYaCYr0kT0uShTKowWurRHdbGuLP.ERVX.sgOKmX2HSExjOOjjUhM5.aR8dUIZUty0YcpVg.8bg80dFg'],
  ['passlib 1.7: pbkdf2_sha512', LONG, '$pbkdf2-sha512$500$e49Rypmzdo4R4jzn3Ns7Bw$IdEbWAy3ABHfLi1EslRvm2sq/e/D7gob4yAepQLMsLNvawXemAA18btyPuekfuJCFXUQBjZruDe1n6jyP1OtiQ'],
  ['passlib 1.7: pbkdf2_sha1', PLAIN, '$pbkdf2$500$GOOc03pvzVmLEaI05jxHaA$nk8cY9Ed2fA4440J08mcczivoPE'],
  ['passlib 1.7: pbkdf2_sha1', UNICODE, '$pbkdf2$500$T0npXWuN0XpP6f2/9x7DmA$YG8X1c4u6Xnl3NMdIFuZArpoF/E'],
  ['passlib 1.7: pbkdf2_sha1', LONG, '$pbkdf2$500$NqYUAmCstTYmxNh7D4Fwbg$yeioxNgCOdM57IXJYI1QH2fFru8'],
  ['passlib 1.7: phpass', PLAIN, '$P$5B/OmXj3Qm73q68uVgfJEp/Kr8VV7o0'],
  ['passlib 1.7: phpass', UNICODE, '$P$5ghnYXc6iwyAKneAMH1/VR/OLul.Vl1'],
  ['passlib 1.7: phpass', LONG, '$P$5mhUa3ZIeOzIZszUKPMYZ5WAgpfLZd0'],
  ['passlib 1.7: sha256_crypt', PLAIN, '$5$rounds=1000$5/oip8JlNPd7lI4r$uczqzFVCBdoQefCA5bLtmxDFVOj1Q2tZAAE7Z7enI4C'],
  ['passlib 1.7: sha256_crypt', UNICODE, '$5$rounds=1000$j74B6P1LqcCJJ7rn$TpAJJBbTn.PMXxcauVxtawIXTY1NE26YcTLsTYdRZU4'],
  ['passlib 1.7: sha256_crypt', LONG, '$5$rounds=1000$xVWYlT/DsnghjaDn$xJRtgojv7pr9IfEoWjHxVGpWwZ/daFMC3LGxX63U0U.'],
  ['passlib 1.7: sha256_crypt_default', PLAIN, '$5$NETorr./VU/MX7li$7ieB8AqRmPMk4vTS1TzZg/FGzSOlF/JBLZNVsBmK8V6'],
  ['passlib 1.7: sha256_crypt_default', UNICODE, '$5$71fEzsmIE4381vbG$9r59l1il2TffbVImJuYNSv41AutETS4LuMsV26hidE9'],
  ['passlib 1.7: sha256_crypt_default', LONG, '$5$b8nRQlmW39m26FZw$pru26vOp4R3b7QoT5uvDhc7qTxUzxVxgLxgsBS1gJC/'],
  ['passlib 1.7: sha512_crypt', PLAIN, '$6$rounds=1000$nubp1fVBWiTKX3xC$iI/CudSr/F6QmcQLBhuk7QVmd9Z.3TzuqL8eGv3wThTWuexVz.TGEhuy4EJCIGwI88WHBxZpkNBk4NUZ5ZMKV.'],
  ['passlib 1.7: sha512_crypt', UNICODE, '$6$rounds=1000$7.TXPdgoE2nght8m$8Kase/AQcGOPdiZQyzDQT7bIUNaV1H6FPF5Ct1tDjZw66sQu/J2wGIQThuMBmwxavVe398wVWa68NRCUIuOtT1'],
  ['passlib 1.7: sha512_crypt', LONG, '$6$rounds=1000$EsOWgKUMGWlAMPh7$tLDTqMKiYURhcV6/KY5hlriYs98wl14TNZmYjkKAHD2PJU.1OoK8lTO3LoZSm.EnBMMkEXe/rsf5cHdsSBEoe/'],
  ['passlib 1.7: md5_crypt', PLAIN, '$1$bic4jfaN$5UAEB6q6n1igQUtCw5edv.'],
  ['passlib 1.7: md5_crypt', UNICODE, '$1$r591Dc2T$1m7w9eYasnqYEufV./Pwr0'],
  ['passlib 1.7: md5_crypt', LONG, '$1$yrvRQTeY$PNmjDsT1f2why2/s83Btz0'],
  ['passlib 1.7: apr_md5_crypt', PLAIN, '$apr1$ipt1ZIeE$URgvfOVOr55u9f2okP/bD1'],
  ['passlib 1.7: apr_md5_crypt', UNICODE, '$apr1$fUHba1Rw$V2ibs3afueWRItq6po6FV.'],
  ['passlib 1.7: apr_md5_crypt', LONG, '$apr1$kDkeaBg1$rmsQ0thYHvhbvMMD4/jYH0'],
  ['passlib 1.7: ldap_sha512_crypt', PLAIN, '{CRYPT}$6$rounds=1000$NMULNWjo9EsHU0dE$8B31UprUxKz4.d2UL8txezJSAOH3xkl9b6aZ6JmNSZ6SdZcu7tNwjwhjaposw9ssbZq5oomyl8CmO0j9YdjPP1'],
  ['passlib 1.7: ldap_sha512_crypt', UNICODE, '{CRYPT}$6$rounds=1000$bPdwn9g9rpJcCsHA$YRx8rROO0zLqbk2eJCreHc6EirNfpDCpvuNvhFWD65HSU2SuN/znBGlUKh8QhIva8b3Nl5dUhNHEyJkFeGwYm1'],
  ['passlib 1.7: ldap_sha512_crypt', LONG, '{CRYPT}$6$rounds=1000$9M9IlSo.uihxiUMU$WxxTJ7339jNHchSw3BHKnIy7eo0gJQJpYY/FKSnu7XLq9oHOjdOO12ABzq6BFCkmtU7ynMThrmFjP66IbiZmx/'],
  ['passlib 1.7: ldap_bcrypt', PLAIN, '{CRYPT}$2b$04$p6sVIoxHet68YPwIcuJmX.Ao2AsLaC4KDwzTrZmYwQVAMk.c7qbY.'],
  ['passlib 1.7: ldap_bcrypt', UNICODE, '{CRYPT}$2b$04$qoWuNV0evLUY.naNqqtGCuBmMhdUxybTvhuNNosBaKUHz/PJDtmC.'],
  ['passlib 1.7: ldap_bcrypt', LONG, '{CRYPT}$2b$04$B8yGpPU8ht86WdFk9/uFxeVnNDEjTX9ghvCB1Wr9GD08XN/AVumL6'],
  ['passlib 1.7: ldap_md5_crypt', PLAIN, '{CRYPT}$1$FehcaCtT$NC9fKXA5n5jOhtSR9SvTK1'],
  ['passlib 1.7: ldap_md5_crypt', UNICODE, '{CRYPT}$1$Z1KZrj8L$ZXZ/z66qDX3i3op1m6qE./'],
  ['passlib 1.7: ldap_md5_crypt', LONG, '{CRYPT}$1$EcXBWg6P$256ypSmba9C2fJYf82O0B.'],
  ['passlib 1.7: ldap_md5', PLAIN, '{MD5}X03MO1qnZdYdgyfeuILPmQ=='],
  ['passlib 1.7: ldap_md5', UNICODE, '{MD5}fg9gFugfIyDJZk8GkjDopg=='],
  ['passlib 1.7: ldap_md5', LONG, '{MD5}RrBbkW1vwVUgqN76zuSmuw=='],
  ['passlib 1.7: ldap_sha1', PLAIN, '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='],
  ['passlib 1.7: ldap_sha1', UNICODE, '{SHA}gNmMpIzfWdmHR7ZEflSON1ppjww='],
  ['passlib 1.7: ldap_sha1', LONG, '{SHA}mhYxdXId8MC8tCysqx+LZq6VXc8='],
  ['passlib 1.7: ldap_salted_md5', PLAIN, '{SMD5}tFphlkaeeq3OJK2Yn6ERtEcIQQg='],
  ['passlib 1.7: ldap_salted_md5', UNICODE, '{SMD5}blnGIrS516Hu2zTsO6a22x8DgBA='],
  ['passlib 1.7: ldap_salted_md5', LONG, '{SMD5}Z5WRw3HgL/YQIwy3XM3Hi1xLifE='],
  ['passlib 1.7: ldap_salted_sha1', PLAIN, '{SSHA}Qjj25+mGTdBBXn2Oz7AziSdhEo3CGINw'],
  ['passlib 1.7: ldap_salted_sha1', UNICODE, '{SSHA}C7mhVCpR1Ds597H/kEEjQMsl//bIeQ9B'],
  ['passlib 1.7: ldap_salted_sha1', LONG, '{SSHA}cLjDw21ZxoHc5T1qWhyYe1U1Af6fE0II'],
  ['passlib 1.7: ldap_salted_sha256', PLAIN, '{SSHA256}YVzcfbqF6HYCBhGn1enfSBnk9BpYX3MHV7Vom+uIqdWudQ7hnFOK0Q=='],
  ['passlib 1.7: ldap_salted_sha256', UNICODE, '{SSHA256}XiMLJTHyIgMgDyK2lgXvkeSuoAbn+AyeXdP/tL5NoT2hdM75PyeEkA=='],
  ['passlib 1.7: ldap_salted_sha256', LONG, '{SSHA256}vAHQQx24oBQ4evTjdUSrU+rDqFmj1ta1N5pvjNASau50jvF+T6lVSg=='],
  ['passlib 1.7: ldap_salted_sha512', PLAIN, '{SSHA512}C8Q0BquDRP1twzjrtZX1pzAArDlxzIeQrAwYtWbQW+tc9THdl3qJgK/cXzaCIxdnmzxw/KIl+8gVTKUfv3Jw3AyB0FpLiRFi'],
  ['passlib 1.7: ldap_salted_sha512', UNICODE, '{SSHA512}EPitJO3pZ9dU2ubwyKHZ8aIS1uOcYuGaEK6lWE3aFbw9c0UP70cpc6HbyEGTAEYpDa9xPR9Ped2wh9YsR5nMKvv/HyNkzPlf'],
  ['passlib 1.7: ldap_salted_sha512', LONG, '{SSHA512}YG+OIReyo4zOTvYTFVhqUWYp3LNY3hU/YyfBpvQmFOn6fkpj4AJ4Bfxs0xCtlEmCfzxonPIMQXOwzZcVJ5wxZ/ofA0DIOQeA'],
  ['passlib 1.7: ldap_pbkdf2_sha256', PLAIN, '{PBKDF2-SHA256}500$o9Q6B6B0rnUuBQBgbE0JgQ$xEdofnIQGyYHZ9GaiJoaC2P.mxoo7k9kZaIpdt9/MRI'],
  ['passlib 1.7: ldap_pbkdf2_sha256', UNICODE, '{PBKDF2-SHA256}500$vXduzXlPibG2FmKs9b53zg$cgu/6IrgMNEwGhdxmxmY0BK7EcxLaQXVsJD/6wFvVIg'],
  ['passlib 1.7: ldap_pbkdf2_sha256', LONG, '{PBKDF2-SHA256}500$7R0jRAhBiJEyBmDMmdNaCw$BR.ucOFc6FhCnfeRtlt3Tj0N..kZI63mnTQ7Z4fW0f8'],
  ['passlib 1.7: ldap_pbkdf2_sha1', PLAIN, '{PBKDF2}500$R2gtpfS.9773nnNOSYlxjg$80rdDTBZ.A/r22j.e0vYEFEz/n8'],
  ['passlib 1.7: ldap_pbkdf2_sha1', UNICODE, '{PBKDF2}500$FSKk9B5DKGWs1ZrzHiNkjA$FB.DdOn7FngwXl1m4fa.S0iC9f0'],
  ['passlib 1.7: ldap_pbkdf2_sha1', LONG, '{PBKDF2}500$zzmH0LrXGiNEyNkbY4xxbg$nwclh/0UUmc/6VjN22u6pmW8S4k'],
  ['Django 3.2: pbkdf2_sha256', PLAIN, 'pbkdf2_sha256$500$saltsalt$qCvUC36QeuJnM+aEccfJfDhjGS4yj2WAWgzbshToNEw='],
  ['Django 3.2: pbkdf2_sha256', UNICODE, 'pbkdf2_sha256$500$saltsalt$vXAyAaKE+QfTrDKTWbhcxE1YcbqvctZdwDilq9O9noU='],
  ['Django 3.2: pbkdf2_sha256', LONG, 'pbkdf2_sha256$500$saltsalt$7pGfoCK95wTu9umNg2NWE+O6mo8BkM7Sq0FWO5TPGds='],
  ['Django 3.2: pbkdf2_sha1', PLAIN, 'pbkdf2_sha1$500$saltsalt$Qr/GplWBxYOnyekwU9OpG0smR7I='],
  ['Django 3.2: pbkdf2_sha1', UNICODE, 'pbkdf2_sha1$500$saltsalt$AeD4f3gj4x2lIZ5Mw44bjPBsbtY='],
  ['Django 3.2: pbkdf2_sha1', LONG, 'pbkdf2_sha1$500$saltsalt$RdQ/oJQNT6SEHAuyhMQrVxzC/tc='],
  ['Django 3.2: argon2', PLAIN, 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$5zpB71rsKVMfgElHvrLboA'],
  ['Django 3.2: argon2', UNICODE, 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$gAJz0Gw2xx/GUVX3+RKjTw'],
  ['Django 3.2: argon2', LONG, 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdHNhbHQ$f4nnzvp2mXWQuIuiLMraCg'],
  ['Django 3.2: sha1', PLAIN, 'sha1$saltsalt$fd5538aabcab06d6c9f6a2bae06401274ea33a3b'],
  ['Django 3.2: sha1', UNICODE, 'sha1$saltsalt$90b6e83f56ec8bbdeae9a8b618ca871561e03807'],
  ['Django 3.2: sha1', LONG, 'sha1$saltsalt$69ceaa342d4b155b29700d08a81ea0f8944db634'],
  ['Django 3.2: md5', PLAIN, 'md5$saltsalt$ae7cf6d3a33a2117fa4f008d66f6d26f'],
  ['Django 3.2: md5', UNICODE, 'md5$saltsalt$c0a615a71a25627696613684b01d66dd'],
  ['Django 3.2: md5', LONG, 'md5$saltsalt$c039476abf210c6be64bdb1f7113fc08'],
  ['Django 3.2: unsalted_md5', PLAIN, '5f4dcc3b5aa765d61d8327deb882cf99'],
  ['Django 3.2: unsalted_md5', UNICODE, '7e0f6016e81f2320c9664f069230e8a6'],
  ['Django 3.2: unsalted_md5', LONG, '46b05b916d6fc15520a8defacee4a6bb'],
  ['Django 3.2: unsalted_sha1', PLAIN, 'sha1$$5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8'],
  ['Django 3.2: unsalted_sha1', UNICODE, 'sha1$$80d98ca48cdf59d98747b6447e548e375a698f0c'],
  ['Django 3.2: unsalted_sha1', LONG, 'sha1$$9a163175721df0c0bcb42cacab1f8b66ae955dcf'],
  ['Django 3.2: bcrypt_sha256', PLAIN, 'bcrypt_sha256$$2b$04$pCcLdGml7KNw5YXAJuhQmuISlHQTNeHA09h/FFiaJN1Q5aXlmzeJq'],
  ['Django 3.2: bcrypt_sha256', UNICODE, 'bcrypt_sha256$$2b$04$ff3VOq3OKxw6bYnKoF83c.xawMMpHDIy1XjeOP13MJkvnTgTlbFeG'],
  ['Django 3.2: bcrypt_sha256', LONG, 'bcrypt_sha256$$2b$04$RaH7qeCu3nzhlQcHKzeE3OQO8MiZuxyE3ZaYyB0jXS6iBTLozJHW2'],
  ['Django 3.2: bcrypt', PLAIN, 'bcrypt$$2b$04$AC8xWGCGD/vt3wsFufhFrezYNlLjTIiS6gXoyvTjdblre1PxwYuXG'],
  ['Django 3.2: bcrypt', UNICODE, 'bcrypt$$2b$04$JxFeekwcirqyvIhcEAztV.sklUvpUM7eGTCfw5zVZ0MlxxeOX3une'],
  ['Django 3.2: bcrypt', LONG, 'bcrypt$$2b$04$ibdyyvMktZBfIEk7J.guROEG/RuU/.LFgWGBUksm6bN4VJV8yJCja'],
  ['PHP 8.2, as WordPress 6.8', PLAIN, '$wp$2y$04$NUanVQn7RjaWL1xzfibuvOdqZyT8yWG9hKzwQC5nwfNdmYCbyl5pa'],
  ['PHP 8.2, as WordPress 6.8', UNICODE, '$wp$2y$04$/K5Zlmx3l5oSrAvI4/G6KuVb.rNVxrJx3jzg/c/FFt2/TL/GDtAV6'],
  ['PHP 8.2, as WordPress 6.8', LONG, '$wp$2y$04$XjcFlhQQ6ti2Xbbt473xueKV5SFhXk6mClv8oqaDi75qbSJxTMNHq'],
  // What was typed, with a backslash before each quote.
  ['phpass of WordPress 6.1', QUOTED, '$slashed$P$BLgxOR1DtrJ4FhIKWkoQbSHoJhWrra/'],
  ['PHP 8.2, as WordPress 6.8', QUOTED, '$slashed$wp$2y$04$aiQPyj5J5Pv/tESPuk/FC.cSO4HQcJgwA/F/ztZxbNU5PCL7/iAze'],
  ['PHP 8.2, as WordPress 6.8', ` ${QUOTED}\t`, '$slashed$wp$2y$04$aiQPyj5J5Pv/tESPuk/FC.cSO4HQcJgwA/F/ztZxbNU5PCL7/iAze'],
  // With the pepper `ein Körnchen`.
  ['Devise 4.8', UNICODE, '$peppered$ZWluIEvDtnJuY2hlbg$2a$04$KfyoL5eMaFaC5ezPbg24W.9tJ7o0QFQnQapdz6TDkKZ8o5SpaRQXW'],
  // https://github.com/firebase/scrypt, README
  ['Firebase', 'user1password', '$firescrypt$ln=14,r=8,p=1$42xEC+ixf3L2lw==$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=='],
  // RFC 7914, section 12, with N as Ory Kratos writes it
  ['RFC 7914', 'pleaseletmein', '$scrypt$ln=16384,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw'],
  // The keys and salts are those of "Unix crypt using SHA-256 and SHA-512", the hashes PHP's.
  ['PHP 8.2, crypt', 'Hello world!', '$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5'],
  ['PHP 8.2, crypt', 'Hello world!', '$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA'],
  ['PHP 8.2, crypt', 'This is just a test', '$5$rounds=5000$toolongsaltstrin$Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGRcvxa5'],
  ['PHP 8.2, crypt', 'Hello world!', '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1'],
  ['PHP 8.2, crypt', 'a very much longer text to encrypt.  This one even stretches over morethan one line.', '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1'],
]

describe('the password of a hash that another program made', () => {
  it.each(MADE)('of %s fits, and others do not', async (_by, password, text) => {
    const found = find(text)
    expect(await found?.hash.fits(password)).toBe(true)
    expect(await found?.hash.fits(`?${password}`)).toBe(false)
    expect(await found?.hash.fits('')).toBe(false)
  })
})

describe('a hash that would take too much work is refused with its reason', () => {
  it.each([
    [
      'bcrypt with a cost of 16',
      '$2b$16$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.',
      'a check would take about 3712 ms; at most 2000 ms are allowed',
    ],
    ['bcrypt with a cost of 31', '$2y$31$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.', 'at most 2000 ms'],
    ['bcrypt of Meteor', '$meteor$2b$16$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.', 'at most 2000 ms'],
    ['bcrypt of Django', 'bcrypt_sha256$$2b$16$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.', 'at most 2000 ms'],
    ['PBKDF2 with 999,999,999 iterations', '$pbkdf2-sha256$999999999$c2FsdHNhbHQ$c2FsdHNhbHQ', 'at most 2000 ms'],
    ['PBKDF2 with a long key', `$pbkdf2-sha256$500$c2FsdHNhbHQ$${'c2FsdHNhbHRzYWx0c2FsdHNhbHRzYWx0'.repeat(10_000)}`, 'at most 2000 ms'],
    ['PBKDF2 of Django', 'pbkdf2_sha256$900000000$saltsalt$c2FsdHNhbHQ=', 'at most 2000 ms'],
    ['scrypt with 2^25 blocks', '$scrypt$ln=25,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHQ', 'more than 256 MiB of memory'],
    ['scrypt with 9,999 lanes', '$scrypt$ln=14,r=8,p=9999$c2FsdHNhbHQ$c2FsdHNhbHQ', 'at most 2000 ms'],
    ['scrypt of Firebase', '$firescrypt$ln=30,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHQ$Bw==$c2FsdHNhbHQ', 'more than 256 MiB of memory'],
    ['scrypt of Django', 'scrypt$33554432$saltsalt$8$1$c2FsdHNhbHQ=', 'more than 256 MiB of memory'],
    ['phpass with 2^30 rounds', '$P$S55HxPJIjp1WxxQ7zdmAKsgdUcgmwJ1', 'at most 2000 ms'],
    ['crypt(3) with 999,999,999 rounds', '$5$rounds=999999999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5', 'at most 2000 ms'],
    [
      'argon2 of Meteor with 1 GiB',
      '$meteor$argon2id$v=19$m=1048576,t=3,p=1$c2FsdHNhbHQ$0bUXDpGIH1OiWdY6qKAKgseD8O1G2tEmkGCwyA5ACV0',
      'neither bcrypt nor argon2',
    ],
  ])('%s', (_what, text, reason) => {
    expect(() => find(text)).toThrow(reason)
  })
})

describe('a damaged hash is refused, without a word of it', () => {
  it.each([
    '$2x$04$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.',
    '$2b$03$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.',
    '$bcrypt-sha256$v=3,t=2b,r=4$QIn90f9TXdhHW03RFhlNWe$O1qpQkPqEJ5/nk2ChD2KOQOXa2SohDS',
    '$meteor',
    '$meteor$2b$04$short',
    '$scrypt$ln=5,r=8,p=1$!!!$c2FsdA',
    '$scrypt$ln=5,r=0,p=1$c2FsdA$c2FsdA',
    '$scrypt$ln=100,r=8,p=1$c2FsdA$c2FsdA',
    '$firescrypt$ln=14$c2FsdA$c2FsdA',
    '$pbkdf2-sha256$0$c2FsdA$c2FsdA',
    '$pbkdf2-sha999$500$c2FsdA$c2FsdA',
    '$pbkdf2-sha256$500$c2FsdA',
    '$P$0xxxxxxxxyyyyyyyyyyyyyyyyyyyyyy',
    '$P$5short',
    '$wp$2y$04$short',
    '$5$saltstring$short',
    '$6$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5',
    '$1$saltsalt$short',
    '{CRYPT}rEK1ecacw.7.c',
    '{SSHA}c2hvcnQ=',
    '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9jhbW9yZQ==',
    'md5$salt$abcd',
    '$md5$pf=e1NBTFR9$c2FsdA$X03MO1qnZdYdgyfeuILPmQ==',
    'pbkdf2_sha256$many$salt$c2FsdA==',
    'argon2$argon2id$v=19$m=32,t=1,p=1$xx',
    '$layered$md5$$$argon2id$v=19$nothing',
  ])('the damaged hash %s is refused, without its content in the reason', (text) => {
    expect(() => find(text)).toThrow(expect.objectContaining({ name: 'HashRefused' }))
    try {
      find(text)
    } catch (error) {
      expect((error as Error).message).not.toContain(text.slice(-6))
    }
  })
})

describe('texts that are no hash of any family', () => {
  it.each(['', 'password', '!', 'unusable', '$7$rounds=1000$x$y', 'X03MO1qnZdYdgyfeuILPmQ=='])(
    'the text %j is a hash of no family',
    (text) => {
      expect(find(text)).toBeNull()
    },
  )
})

describe('fast digests', () => {
  it.each([
    ['{SSHA}oCQpNMQ8wjDxTdCb91ywO9aJSlrtvR1t', true],
    ['5f4dcc3b5aa765d61d8327deb882cf99', true],
    ['$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/', true],
    ['$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5', undefined],
  ])('the hash %s is fast: %s', (text, isFast) => {
    expect(find(text)?.hash.isFast).toBe(isFast)
  })

  it.each([
    ['MD5 in hex', '5f4dcc3b5aa765d61d8327deb882cf99'],
    ["Django's SHA-1 with a salt", 'sha1$saltsalt$DJANGO'],
    ["Kratos' form of MD5, with the salt after the password", '$md5$pf=e1BBU1NXT1JEfXtTQUxUfQ==$c2FsdA==$swXK27O85U86pZxk/sAN6g=='],
  ])('%s is hashed again without the password, and then it fits', async (_what, text) => {
    const found = readDigest(text.replace('DJANGO', DJANGO_SHA1))
    if (found === null) throw new Error('no digest')
    const again = await layered(found, async (hex) => await argon2.hash(hex, { memoryCost: 64, timeCost: 2, parallelism: 1 }))
    expect(again).toMatch(/^\$layered\$(md5|sha1)\$[^$]*\$[^$]*\$argon2id\$/)
    const layer = find(again)
    expect(layer?.family).toBe('layered-digest')
    expect(layer?.hash.isFast).toBeUndefined()
    expect(await layer?.hash.fits('password')).toBe(true)
    expect(await layer?.hash.fits('Password')).toBe(false)
  })
})
