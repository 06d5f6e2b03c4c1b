import type { SourceLabel } from '../rule.ts';
import type { Signal } from './signal.ts';

/** Folders and files that hold credentials, as code names them: `~/.ssh/id_rsa`, `os.path.join(home, '.aws', 'credentials')`. */
export const SECRET_PATH =
  /(?<![\w])\.(?:ssh|aws|gnupg|kube|azure|docker\/config|npmrc|pypirc|netrc|git-credentials|pgpass|my\.cnf|s3cfg|boto|vault-token|terraformrc|config\/(?:gcloud|gh\/hosts|solana|hub|doctl|rclone)|password-store|electrum|bitcoin|ethereum|mozilla\/firefox|(?:clawdbot|openclaw|moltbot|claude|codex|gemini|cursor|windsurf)\/(?:\.env|\.credentials|credentials|auth|config|settings|agents|mcp|openclaw|clawdbot|oauth)[\w./-]*)(?![\w-])|\bid_(?:rsa|dsa|ecdsa|ed25519)\b(?!\.pub)|\/etc\/(?:shadow|sudoers|ssl\/private)|\b(?:auth-profiles|claude_desktop_config|application_default_credentials|service[-_]account(?:[-_]key)?)\.json\b|-name\s+["']?(?:\*\.(?:pem|p12|pfx|kdbx|ppk|keystore)\b|id_(?:rsa|ed25519|\*))|(?:wallet\.dat|\bkeystore\/UTC|\bsolana\/id\.json|\.kdbx)\b/gi;
const BROWSER =
  /\b(?:Login Data|Web Data|Local State|cookies\.sqlite|logins\.json|key[34]\.db|Cookies\.binarycookies)\b|(?:Google|BraveSoftware|Microsoft|Chromium)[\\/'", ]{1,8}(?:Chrome|Brave-Browser|Edge|User Data)|Local Extension Settings|\b(?:nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa)\b|\b(?:browser_cookie3|browsercookie|pycookiecheat|CryptUnprotectData)\b/gi;
const VAULT =
  /\bsecurity\s+(?:find-(?:generic|internet)-password|dump-keychain|export)\b|\blogin\.keychain|\bsecret-tool\s+(?:lookup|search)|\bcmdkey\s+\/list|\bvaultcmd\b|\bGet-StoredCredential\b|\b(?:mimikatz|sekurlsa|lsass\.(?:dmp|exe)|lazagne|procdump\S*\s+\S*lsass)\b/gi;
const DOTENV =
  /(?:\bcat\s|\bcp\s|\bbase64\s|\bxxd\s|\btar\s|\bzip\s|\bgzip\s|<\s?|@|\bread_text|\bopen\(|readFileSync\(|readFile\(|Get-Content|\bgc\s|-InFile|--upload-file|\s-T\s)[^\n;|&]{0,60}?(?<![\w])\.env(?:\.\w+|\*)?(?![\w(])/gi;
const METADATA = /169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200|fd00:ec2::254/gi;
const HISTORY = /\.(?:bash|zsh|python|psql|mysql|node_repl)_history\b|ConsoleHost_history\.txt|\bfish_history\b/gi;
const WALLET =
  /\b(?:seed[_ -]?phrases?|mnemonics?|private[_ ]?keys?|recovery[_ -]?phrases?|keypair)\b[^\n]{0,80}?(?:\.(?:json|txt|dat|key|pem)|read|open|export|find|glob)|\b(?:Exodus|Electrum|Atomic|MetaMask|Phantom|Ledger Live|Coinomi|Trezor)[\\/'", ]{1,6}\S*(?:wallet|vault|keystore|leveldb|Local Storage)/gi;
const MESSENGER =
  /\bTelegram Desktop[\\/'", ]{1,6}tdata\b|\b(?:discord|slack|Signal)(?:ptb|canary)?[\\/'", ]{1,6}(?:Local Storage|leveldb|storage|sql)|\bchat\.db\b/gi;

const ENVIRONMENT =
  /\bprintenv\b(?!\s+["']?\$?\{?\w)|(?:^|[;&|(`]|\bsudo)\s*env\s*(?:\||>|\)|`|2>|$)|\bexport\s+-p\b|\bdeclare\s+-xp?\b|\bset\s*(?:\||>)|\b(?:dict|str|repr|json\.dumps|dumps|list|sorted|urlencode)\(\s*(?:dict\(\s*)?os\.environ\b(?!\.get|\[)|\bos\.environ\.(?:items|values)\(|\b(?:in|=|:|data|json)\s*=?\s*os\.environ(?:\.copy\(\))?\s*(?:[,:})\n]|$)|\*\*os\.environ|JSON\.stringify\(\s*(?:\{[^}]{0,60})?(?:\.\.\.)?process\.env\s*[,)}]|\bObject\.(?:entries|keys|values|assign|fromEntries)\([^)]{0,20}process\.env\s*[,)]|\b(?:env|environment|envs|vars|data|body)\s*[:=]\s*(?:\{\s*\.\.\.)?process\.env\b\s*[,;})\n]|\bprocess\.env\s*[})]|\b(?:Get-ChildItem|gci|dir|ls)\s+(?:-Path\s+)?env:|\[(?:System\.)?Environment\]::GetEnvironmentVariables|\bENV\.(?:to_h|to_a|each|inspect)|\/proc\/(?:self|\d+|\$\$|\$\{?\w+\}?)\/environ/gim;
const HOST_INFO =
  /(?:\$\(|`|[;|&]\s*|^\s*|=)(?:whoami|hostname(?!\s+-[Ii])|uname\s+-a|ifconfig|ipconfig|systeminfo|ioreg|dmidecode)\b|["'](?:whoami|uname -a|ipconfig|systeminfo)["']|\b(?:socket\.gethostname|platform\.(?:node|uname)|getpass\.getuser|os\.(?:hostname|userInfo|networkInterfaces|getlogin|uname))\b|\$env:(?:COMPUTERNAME|USERNAME)/gim;
const USER_DATA =
  /\b(?:os\.walk|glob\.glob|rglob|readdirSync|find|Get-ChildItem|tar|zip|cp\s+-r)\b[^\n]{0,60}?(?:~\/|\$HOME\b|homedir\(\)|expanduser|Path\.home\(\)|\/Users\b|\/home\b|\$env:USERPROFILE|Documents|Desktop)|\b(?:pbpaste|pyperclip\.paste|Get-Clipboard|xclip\s+-o|xsel\s+-b|clipboard\.readText|ImageGrab\.grab|pyautogui\.screenshot|mss\(\)|screencapture|keyboard\.on_press|pynput|GetAsyncKeyState|sounddevice\.rec|getUserMedia)\b|\b(?:conversation|chat)_?(?:history|log|transcript|messages)\b|\bexpanduser\(\s*["']~\/(?:Documents|Desktop|Pictures)|\b(?:Path\.home\(\)|homedir\(\)|USERPROFILE)[\s\\/+'",]{1,8}(?:Documents|Desktop|Pictures)\b|\baddEventListener\(\s*["'](?:keydown|keypress|keyup|paste|copy)["']|\bMEMORY\.md\b|\bSOUL\.md\b|\.claude\/projects|\bsessions\/[\w*]{0,20}\.jsonl/gi;
const TOOL_TOKEN =
  /\bgh\s+auth\s+(?:token|status\s+[^\n]{0,20}--show-token)\b|\bglab\s+auth\s+status\s+[^\n]{0,20}-t\b|\bgit\s+(?:config\s+[^\n]{0,20}(?:github|gitlab)\.token|credential\s+fill)\b|\bgcloud\s+auth\s+(?:application-default\s+)?print-access-token\b|\baws\s+(?:configure\s+(?:get|export-credentials)|sts\s+get-session-token)\b|\baz\s+account\s+get-access-token\b|\bkubectl\s+get\s+secrets?\b|\bnpm\s+(?:config\s+get\s+[^\n]{0,60}_authToken|token\s+list)\b|\b(?:bw|op|lpass)\s+(?:list\s+items|export|show|item\s+list)\b|\bvault\s+(?:kv\s+get|read|print\s+token)\b|\bkeyring\.get_(?:password|credential)\(|\bkeytar\.(?:getPassword|findCredentials)\(|\bCredRead\w*\(/g;
const KEY =
  /\bgcloud\s+auth\s+print-identity-token\b|(?:os\.environ(?:\.get)?[[(]\s*|os\.getenv\(\s*|process\.env[.[]\s*|\$env:|\$\{?)["']?(?=\w{0,40}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|MNEMONIC|SEED))[A-Z][A-Z0-9_]{3,50}\b/g;
const REMOTE =
  /\b(?:curl|wget|aria2c|lynx|fetch)\b\s[^\n]{0,200}?(?:https?:\/\/|\$\{?\w|"\$)|\b(?:requests|httpx|session|urllib3|http|client|aiohttp)\.(?:get|request)\(|\burllib\.request\.\w+\(|\burlopen\(|\burlretrieve\(|(?:(?<![\w.])|\b(?:globalThis|window|self)\.)(?:fetch|got|axios|needle)\s?\(|\b(?:axios|got|http|https)\.get\(|\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm|Start-BitsTransfer)\b|\.Download(?:String|File|Data)(?:Async)?\(|\bcertutil\b[^\n]{0,40}-urlcache|\bbitsadmin\b|\bURLDownloadToFile|\bdns\.resolver\.resolve\(|\bgit\s+clone\b|\bNet::HTTP\.get|\bURI\.open|\bfile_get_contents\(\s*['"]https?:|\bLWP::Simple/gi;
const DECODED =
  /\bbase64\s+(?:-d\b|-D\b|--decode\b|-di\b)|\bopenssl\s+(?:enc\s+)?(?:-)?(?:base64|aes\S*)\s[^\n]{0,40}?-d\b|\bb(?:64|32|85|16)decode\(|\ba85decode\(|(?<![\w.])atob\s?\(|\bBuffer\.from\([^\n]{1,400}?,\s*['"](?:base64|hex)['"]|\bFromBase64String\(|\bbytes\.fromhex\(|\bbytearray\.fromhex\(|\bunhexlify\(|\bxxd\s+(?:-r|-p\s+-r|-r\s+-p)\b|\bcodecs\.decode\(|\b(?:zlib|gzip|bz2|lzma)\.decompress\(|\bmarshal\.loads\(|\bString\.fromCharCode\b|\bchr\(\s*(?:\w+\s*\^|ord|int|c|x|i|b|n|\d)|\bmap\(\s*chr\b|\bfromCharCode\.apply|\bFernet\(|\brot_?13\b|\bdecodeURIComponent\(\s*['"]%|\bunescape\(\s*['"]%|\[char\]\s*\(?\s*(?:0x)?\d|\b(?:AES|ARC4|ChaCha20)\.new\(|\[::-1\]\s*\)|\|\s*rev\b|\btr\s+['"]?(?:A-Za-z|a-zA-Z)\b|\^\s*(?:key|0x[\da-f]{1,2}|k)\b/gi;

/** Where data comes from that matters when it goes on. */
export const SOURCES: readonly Signal<SourceLabel>[] = [
  {
    label: 'secret',
    pattern: SECRET_PATH,
    words:
      'ssh aws gnupg kube azure docker npmrc pypirc netrc git pgpass my s3cfg boto vault terraformrc config password electrum bitcoin ethereum mozilla clawdbot openclaw moltbot claude codex gemini cursor windsurf id_rsa id_dsa id_ecdsa id_ed25519 etc auth claude_desktop_config application_default_credentials service service_account service_account_key wallet keystore solana kdbx name',
  },
  {
    label: 'secret',
    pattern: BROWSER,
    words:
      'login web local cookies logins key3 key4 google bravesoftware microsoft chromium nkbih* bfnae* brows* pycoo* crypt*',
  },
  {
    label: 'secret',
    pattern: VAULT,
    words:
      'security secre* cmdkey vaultcmd get mimikatz sekurlsa lsass lazagne procd* gh gcloud aws kubectl bw op lpass pass login',
  },
  { label: 'settings', pattern: DOTENV, words: 'env' },
  { label: 'secret', pattern: METADATA, words: '169 metad* 100 fd00' },
  { label: 'secret', pattern: HISTORY, words: 'bash_* zsh_h* pytho* psql_* mysql* node_* conso* fish_*' },
  {
    label: 'secret',
    pattern: WALLET,
    words:
      'seed seed_* mnemo* private priva* recov* keypair exodus electrum atomic metamask phantom ledger coinomi trezor',
  },
  { label: 'secret', pattern: MESSENGER, words: 'teleg* disco* slack signal chat' },
  {
    label: 'environment',
    pattern: ENVIRONMENT,
    words: 'printenv env export declare set environ process proc getenvironmentvariables',
  },
  {
    label: 'host-info',
    pattern: HOST_INFO,
    words:
      'whoami hostname uname ifconfig ipconfig systeminfo gethostname node getuser os computername username ioreg dmidecode platform',
  },
  {
    label: 'user-data',
    pattern: USER_DATA,
    words:
      'walk glob rglob readd* find get tar zip cp pbpaste paste xclip xsel readtext grab screenshot mss scree* on_pr* pynput getas* rec getus* conve* chat_* memory soul claude sessions expan* path homedir userp* addev*',
  },
  {
    label: 'tool-token',
    pattern: TOOL_TOKEN,
    words: 'gh glab git gcloud aws az kubectl npm bw op lpass vault keyring keytar credr*',
  },
  {
    label: 'key',
    pattern: KEY,
    words: 'KEY TOKEN SECRET PASSWORD PASSWD CREDENTIAL MNEMONIC SEED gcloud environ getenv',
  },
  {
    label: 'remote',
    pattern: REMOTE,
    words:
      'curl wget aria2c lynx fetch requests httpx session urllib3 http https client aiohttp request urlopen urlre* got axios needle invok* iwr irm start downl* certu* bitsa* urldo* dns git net uri file_* lwp urllib',
  },
  {
    label: 'decoded',
    pattern: DECODED,
    words:
      '[::-1] base64 openssl b64de* b32de* b85de* b16de* a85de* atob buffer fromb* fromh* unhex* xxd codecs decom* marshal pickle fromc* chr fernet rot13 rot_13 decod* unesc* char aes arc4 chach* rev tr key 0x bytes k x',
  },
];
