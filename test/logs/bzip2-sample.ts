/** Six records `{"event": {"id": "e0"}, "p": "WmiPrvSE.exe"}` to e5, by the bzip2 of this format's author. */
export const BZIP2 = Buffer.from(
  'QlpoOTFBWSZTWWvkAHMAAHtfgAAQUAV+EAIASIAGI1VKIABwUaGgAAAEVEmmTIxpG0np6kD7BvGQ1Hcf44AwDIeBp8012poO44jQQ/DUehuGYwMxuGQ1GwzGw4jMbD0MD4BgeB8g9i7kinChINfIAOY=',
  'base64',
);
