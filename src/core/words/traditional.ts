/**
 * Traditional characters as they turn up in commands, dates, places, medical words and surnames, each with its simplified one.
 * One character for one, so that places in the text stay where they are. What depends on the word (乾燥, 乾隆) is left out.
 */
const PAIRS = `
來来 係系 俠侠 個个 們们 倫伦 偉伟 側侧 傑杰 備备 傳传 債债 傷伤 僅仅 價价 儀仪 億亿 儉俭 優优 儲储 儷俪 兌兑 兒儿 內内 兩两 冊册 凍冻 別别 刪删 剛刚
創创 劇剧 劉刘 劍剑 劑剂 動动 務务 勞劳 勢势 勳勋 勸劝 區区 協协 參参 吳吴 呂吕 員员 問问 啓启 啟启 喪丧 喫吃 單单 嘗尝 嚴严 園园 圓圆 圖图 堅坚 堯尧
報报 場场 塊块 塵尘 壇坛 壓压 壘垒 壞坏 壩坝 壯壮 壽寿 夠够 夾夹 奮奋 娛娱 婦妇 媽妈 嬌娇 嬰婴 孫孙 學学 宮宫 實实 寧宁 審审 寬宽 寵宠 寶宝 將将 尋寻
對对 導导 層层 屬属 峯峰 島岛 峽峡 崗岗 嵐岚 嶄崭 嶺岭 嶽岳 巖岩 帥帅 師师 帶带 幣币 幫帮 幾几 庫库 廟庙 廠厂 廢废 廣广 廬庐 廳厅 張张 強强 彌弥 彎弯
彥彦 後后 徑径 從从 復复 徵征 徹彻 惡恶 態态 慶庆 慼戚 憑凭 憲宪 憶忆 懇恳 應应 懷怀 懸悬 戀恋 戰战 掛挂 換换 損损 搶抢 撫抚 擇择 擊击 據据 數数 斷断
時时 會会 東东 楊杨 榮荣 標标 樹树 橋桥 機机 檢检 權权 欽钦 歲岁 歷历 歸归 毀毁 決决 沒没 況况 涇泾 淨净 淵渊 減减 測测 湯汤 溝沟 溫温 漁渔 潁颍 潔洁
潤润 澇涝 澗涧 澠渑 澤泽 濟济 灘滩 灣湾 災灾 烏乌 無无 熱热 爺爷 爾尔 牀床 狀状 現现 產产 異异 當当 瘍疡 瘡疮 療疗 發发 皰疱 盡尽 盧卢 眾众 確确 碼码
禮礼 稅税 稱称 穎颖 節节 範范 籤签 紀纪 約约 紅红 納纳 級级 細细 終终 組组 結结 絡络 給给 統统 綁绑 綏绥 經经 綠绿 維维 網网 緊紧 線线 編编 緩缓 練练
縣县 總总 績绩 織织 繫系 繳缴 繼继 續续 羅罗 義义 習习 聖圣 聲声 脈脉 腎肾 腦脑 腫肿 腸肠 膽胆 臨临 臺台 興兴 舊旧 莊庄 華华 萬万 葉叶 蓮莲 蔣蒋 蔥葱
蕭萧 薩萨 藍蓝 藥药 蘇苏 蘭兰 處处 號号 衆众 術术 衛卫 衝冲 裏里 補补 裡里 覈核 見见 視视 親亲 觀观 訂订 計计 訊讯 訓训 記记 訪访 設设 許许 訴诉
診诊 評评 詢询 試试 話话 該该 認认 誤误 說说 説说 誰谁 課课 調调 請请 論论 講讲 謝谢 證证 譚谭 議议 護护 變变 豐丰 豔艳 貴贵 費费 賀贺 資资 賈贾 賓宾
賣卖 賴赖 趕赶 趙赵 車车 軍军 輕轻 輝辉 輪轮 輯辑 轉转 辦办 農农 這这 連连 週周 進进 運运 過过 達达 遠远 遲迟 選选 遼辽 還还 邊边 鄉乡 鄒邹 鄖郧
鄧邓 鄭郑 鄰邻 醖酝 醞酝 醫医 針针 鈞钧 鈴铃 鈺钰 銀银 銅铜 銘铭 銳锐 銷销 鋒锋 鋪铺 鋭锐 錄录 錢钱 錦锦 錫锡 鍾钟 鎖锁 鎮镇 鐘钟 鐵铁 長长 門门 閉闭
開开 閏闰 間间 閩闽 閻阎 關关 陝陕 陣阵 陰阴 陳陈 陸陆 陽阳 隊队 階阶 隨随 險险 隱隐 隻只 雙双 雞鸡 離离 難难 雲云 電电 霧雾 靈灵 鞏巩 韌韧 韓韩
頁页 項项 順顺 須须 預预 領领 頭头 題题 顧顾 風风 颱台 飛飞 餘余 館馆 饒饶 馬马 馮冯 駱骆 驗验 驛驿 髒脏 體体 魯鲁 鳳凤 鳴鸣 鶴鹤 麗丽 麥麦 麵面 黃黄
點点 黨党 齊齐 龍龙 龔龚 龜龟`;

const SIMPLE: ReadonlyMap<string, string> = new Map(PAIRS.trim().split(/\s+/).map(p => [p[0]!, p[1]!]));
const ANY = new RegExp(`[${[...SIMPLE.keys()].join('')}]`, 'g');

/** Every traditional character that is known, with its simplified one. */
export const TRADITIONAL: ReadonlyMap<string, string> = SIMPLE;

/** 簽到 → 签到. Characters that are not known stay as they are; the length never changes. */
export const simplified = (text: string): string => text.replace(ANY, c => SIMPLE.get(c)!);
