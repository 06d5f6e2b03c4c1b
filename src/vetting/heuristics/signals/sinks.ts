import type { SinkLabel } from '../rule.ts';
import type { Signal } from './signal.ts';

const SEND =
  /\b(?:requests|httpx|session|client|aiohttp|http|axios|got|needle|superagent|ky)\.(?:post|put|patch)\(|\.post\(\s*(?:f?["'`]https?:|[A-Za-z_]*(?:url|uri|endpoint|hook|host|server|webhook)\b)|\brequests\.request\(\s*["'](?:POST|PUT)|\b(?:axios|got|request|needle|superagent|ky)\s?\(\s*\{[^\n]{0,300}?(?:method['"]?\s*:\s*['"`](?:post|put|patch)|\bdata\b|\bbody\b)|\b(?:urllib\.)?request\.(?:Request|urlopen)\([^\n]{0,200}?(?:data\s*=|\{|\+|%)|\burlopen\(\s*\w+\s*,|(?<![\w])fetch\s?\([^\n]{0,400}?(?:method['"]?\s*:|body['"]?\s*:|\$\{|\+)|\bsendBeacon\(|\bnew Image\(|\.src\s*=\s*[^\n]{0,80}?\+|\b(?:https?)\.request\(|\bXMLHttpRequest\b|\bcurl\b[^\n|;]{0,300}?(?:\s-(?:d|F|T)\b|\s-[a-zA-Z]{0,4}[dFT]\s|\s--(?:data|form|upload-file|json|url-query)\b|\s--data-\w+|\s-X\s*(?:POST|PUT)|\s--request\s+(?:POST|PUT))|\b(?:curl|wget)\b[^\n|;]{0,200}?https?:\/\/[^\s|;]{0,200}?(?:\$\(|`|\$\{?[A-Za-z_])|\bcurl\b[^\n|;]{0,200}?\s(?:-H|--header)\s+["'](?!Authorization|Accept|Content|User-Agent|If-|[\w-]{0,40}(?:key|token):)[\w-]{2,40}:\s*[^"'\n]{0,20}\$|["']curl["']\s*,[^\n]{0,300}?["'](?:-[a-zA-Z]{0,4}[dFT]|--(?:data|form|upload-file|json)[\w-]*|POST|PUT)["']|\bwget\b[^\n|;]{0,200}?--post-(?:data|file)|\b(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm)\b[^\n]{0,300}?-(?:Method\s+['"]?(?:Post|Put)|Body|InFile)\b|\.Upload(?:String|File|Data|Values)(?:Async)?\(|\brequests\.get\(\s*(?:f["'][^"']{0,200}\{|["'][^"']{0,200}["']\s*(?:\+|%|\.format|,\s*params)|[\w.]{1,40}\s*\+)|\burlopen\(\s*(?:f["'][^"']{0,200}\{|["'][^"']{0,200}["']\s*(?:\+|%))|\b(?:sock|socket|s|conn|client|ws|websocket|connection)\.(?:send|sendall|sendto|write)\(|\b(?:req|request)\.(?:end|write)\(\s*\w|\/dev\/(?:tcp|udp)\/|\b(?:nc|ncat|netcat|socat|telnet)\s+(?:-\w+\s+(?:\d{1,3}\s+)?)*[\w.$"{}-]{3,60}(?:\s+|:)["']?\$?\{?\w{2,12}|\bscp\s[^\n]{0,160}?[\w.-]+@?[\w.-]+:|\brsync\s[^\n]{0,160}?\w@[\w.-]+:|\bsmtplib\b|\.send_?mail\(|\.send_message\(|\bsendmail\b|\bmail\s+-s\b|\bmutt\s+-|\bSend-MailMessage\b|\bftplib\b|\.storbinary\(|\bs3\.(?:upload_file|put_object)\(|\baws\s+s3\s+(?:cp|sync)\s|\bgsutil\s+cp\b|\brclone\s+(?:copy|sync)\b|\bgh\s+gist\s+create\b|\bgit\s+push\s[^\n]{0,40}https?:|\bhttp\.client\.|\b\w{1,30}\.request\(\s*["'](?:POST|PUT|PATCH)|\.putrequest\(|\bNet::HTTP\.post|\bMSXML2\.XMLHTTP|\bcurl_setopt\b[^\n]{0,60}POST/gi;
const DNS =
  /\b(?:dig|nslookup|host|drill|kdig|ping)\s+(?:[-+@]\S+\s+)*[^\n;|]{0,80}?(?:\$\(|\$\{?\w|`)[^\n;|]{0,120}?\.[a-z]|\b(?:socket\.gethostbyname|socket\.getaddrinfo|dns\.resolver\.(?:resolve|query)|resolver\.(?:resolve|query)|dns\.(?:lookup|resolve\w*)|dnsPromises\.\w+)\(\s*(?:f["'`]|["'][^"']*["']\s*[+%]|\w+\s*\+|`[^`\n]{0,80}\$\{|\w+)|\bResolve-DnsName\b[^\n]{0,60}\$/gi;
const CODE =
  /(?<![\w.$])eval\s*[("'$`\s]|(?<![\w.])exec\s*\(|(?<![\w.])compile\s*\([^\n]{0,200}["']exec["']|\bnew Function\s*\(|(?<![\w.])Function\s*\(\s*["'`]|\bFunction\.constructor|\.constructor\.constructor\s*\(|\bvm\.(?:runIn\w+|Script)\(|\b(?:Invoke-Expression|iex)\b|\|\s*(?:sudo\s+)?(?:\/bin\/|\/usr\/bin\/)?(?:ba|z|da|k|c)?sh\b|\|\s*(?:sudo\s+)?(?:python[\d.]*|perl|ruby|node|php|pwsh)\b(?:\s+-)?\s*(?:$|[|;&)"'])|\b(?:ba|z)?sh\s+-c\b|\bsource\s+<\(|(?:^|[;&|\s])(?:ba|z)?sh\s+<\(|\bruntime\.exec|\bVirtualAlloc\b|\bctypes\.(?:CDLL|cast|CFUNCTYPE|windll)|\bReflection\.Assembly\]::Load|\bAdd-Type\b|\bScriptBlock\]::Create\(|\b_compile\(|\bsetTimeout\(\s*["'`]|\bimportlib\.\w+\(|\bexec_module\(|\b__import__\(\s*(?!["'][\w.]+["']\s*\))|\bosascript\s+-e\b/gim;
const PROCESS =
  /\bos\.(?:system|popen|exec\w+|spawn\w+|startfile)\(|\bsubprocess\.(?:run|call|Popen|check_\w+|getoutput|getstatusoutput)\(|\bchild_process\b[^\n]{0,60}\.(?:exec|spawn|execFile)|(?<![\w.])(?:execSync|spawnSync|execFileSync|execFile|spawn)\s*\(|\bcp\.exec\w*\(|\bStart-Process\b|\b(?:rundll32|regsvr32|mshta|wscript|cscript|msiexec)\b|\bWScript\.Shell|\bshell_exec\(|\bpassthru\(|\bProcess\.Start\(|\bpty\.spawn\(|\bDeno\.(?:run|Command)\b|\bBun\.(?:spawn|\$)/gi;
const RUN_FILE =
  /\bchmod\s+(?:-\w+\s+)?(?:\+x|u\+x|a\+x|ug?\+rx?|0?7[0-7][0-7]|0?[0-7]?755)\b|\bos\.chmod\([^\n]{0,80}(?:0o?[0-7]?[1357][0-7]{2}|S_IX|S_IRWX)|\bchmodSync\(|\.chmod\(\s*(?:0o?[0-7]?[1357][0-7]{2}|stat\.)|(?:^|[;&|]\s*|\bsudo\s+|\bnohup\s+|\bthen\s+|\bdo\s+)(?:\.{1,2}\/|\/(?:tmp|var|usr|opt|home|Users|dev\/shm)\/|~\/)[\w./$"{}-]+|^\s*(?:nohup\s+|sudo\s+)?"?\$\{?\w{1,30}\}?"?\s*(?:&|$)|(?:^|[;&|]\s*|\bsudo\s+)(?:ba|z)?sh\s+(?:-\w{1,20}\s+)?["']?[\w./~$]|(?:^|[;&|]\s*|\bsudo\s+|\bnohup\s+)(?:python[\d.]*|node|perl|ruby|php|pwsh|powershell)\s+["']?[\w./~$]|(?:^|[;&|]\s*)(?:source|\.)\s+["']?[\w./~$-]|\binstaller\s+-pkg\b|\bopen\s+(?:-a\s+)?["']?[\w./~$-]+\.(?:app|pkg|dmg|command)|\bmsiexec\b|(?:^|[;&|]\s*)start\s+\S+\.(?:exe|bat|msi)|&\s*["']?\$?[\w./\\:-]+\.(?:exe|ps1|bat)|\bdpkg\s+-i\b/gim;

/** Where data goes that matters by what it is. */
export const SINKS: readonly Signal<SinkLabel>[] = [
  {
    label: 'send',
    pattern: SEND,
    words:
      'requests httpx session client aiohttp http https axios got needle superagent ky post request urlopen fetch sendb* image src xmlht* curl wget invok* iwr irm uploa* sock socket s req conn ws webso* conne* dev nc ncat netcat socat telnet scp rsync smtplib sendm* send_* mail mutt send ftplib storb* s3 gsutil rclone gh git putre* net msxml2 curl_* urllib',
  },
  { label: 'dns', pattern: DNS, words: 'dig nslookup host drill kdig ping getho* getad* resolver dns dnspr* resol*' },
  {
    label: 'code',
    pattern: CODE,
    words:
      'eval exec compile function const* vm invok* iex sh bash zsh dash python python3 perl ruby node php pwsh power* source marshal pickle cloud* dill runtime virtu* ctypes refle* scriptblock add _comp* setti* importlib exec_* __imp* osasc*',
  },
  {
    label: 'process',
    pattern: PROCESS,
    words:
      'os subprocess child* execs* spawns* execf* spawn cp start rundl* regsv* mshta wscript cscript msiexec shell_* passt* process pty deno bun',
  },
  { label: 'run-file', pattern: RUN_FILE, words: '' },
];
