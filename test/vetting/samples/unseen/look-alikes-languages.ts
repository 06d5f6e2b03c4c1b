import type { Sample } from '../sample.ts';

/** Harmless skills in other languages than English. */
export const languages: readonly Sample[] = [
  {
    name: 'zh-translate',
    description: '将英文技术文档翻译成中文。',
    body: `## 步骤

1. 读取用户给出的文件。
2. 逐段翻译，保留代码块和链接。
3. 把结果发送给用户确认，不要删除原文件。
4. 如需调用翻译接口，请在 \`.env\` 中设置 \`DEEPL_API_KEY\`。`,
  },
  {
    name: 'es-facturas',
    description: 'Crea facturas en PDF a partir de una hoja de cálculo.',
    body: `Lee el archivo que indique el usuario, calcula los impuestos y envía la factura al correo del cliente cuando el usuario lo confirme. No muestres las contraseñas en pantalla. Descarga las plantillas desde la carpeta \`assets\`.`,
  },
  {
    name: 'de-release',
    description: 'Schreibt Versionshinweise auf Deutsch.',
    body: `Lies die letzten Commits, fasse sie in Stichpunkten zusammen und zeige sie dem Nutzer. Erwähne keine internen Ticketnummern. Führe \`npm version minor\` erst aus, wenn der Nutzer zustimmt, und lade das Paket danach mit \`npm publish\` hoch.`,
  },
  {
    name: 'ben2-zh-deploy',
    description: '部署前端项目到自己的服务器。',
    body: `先运行 \`npm run build\`，再用 \`rsync -az dist/ deploy@$HOST:/srv/app/\` 上传。请在 \`.env\` 里配置服务器地址和密码，不要把密码提交到仓库。每次部署前请用户确认。`,
  },
];
